// A whole daemon in the world: the real actors, all of them, with a fake
// Chrome and a fake disk. And its guests: agents, each a process of its own.

#pragma once

#include "protocol/config.hpp"

#include "tests/support/fake_chrome.hpp"
#include "tests/support/fake_journal.hpp"
#include "tests/support/world.hpp"

#include <memory>
#include <string>

namespace berth::tests {

/// One agent's process: its watcher hears events, its requests go through a
/// client actor of the daemon.
class guest {
public:
  guest(world& where, actors::gateway_actor door, client_id id,
        std::string name);

  /// Says hello; again after a lost connection. To settle before it is used.
  void join();

  bool joined() const {
    return lives_ && hello_ && hello_->value;
  }

  bool lives() const {
    return lives_;
  }

  /// Asks the daemon. Only a guest that has joined can.
  template <class T, class Request>
  asked<T> ask(Request x) {
    return where_->ask<T>(hello_->value->client, std::move(x));
  }

  /// As by SIGKILL.
  void die();

  client_id id() const {
    return id_;
  }

  const std::string& name() const {
    return name_;
  }

  const asked<actors::welcome>& greeting() const {
    return hello_;
  }

  /// Everything that its watcher has heard.
  const events& heard() const {
    return *heard_;
  }

private:
  world* where_;
  actors::gateway_actor door_;
  client_id id_;
  std::string name_;
  bool lives_ = false;
  actors::watcher_actor watcher_;
  asked<actors::welcome> hello_;
  std::shared_ptr<events> heard_ = std::make_shared<events>();
};

/// Where guests berth: a Chrome, a disk and a door. Who serves behind the door
/// is for those who derive from it.
class quay {
public:
  virtual ~quay() = default;

  guest make_guest(client_id id, std::string name) {
    return guest{where_, gateway_, id, std::move(name)};
  }

  fake_chrome& chrome() {
    return chrome_;
  }

  journal_log& journal() {
    return *journal_;
  }

protected:
  explicit quay(world& where) : where_{where}, chrome_{where} {
    // nop
  }

  world& where_;
  fake_chrome chrome_;
  std::shared_ptr<journal_log> journal_ = std::make_shared<journal_log>();
  actors::gateway_actor gateway_;
};

/// The crew of one daemon under one epoch.
class daemon : public quay {
public:
  daemon(world& where, const config& how);

  const actors::crew& crew() const {
    return crew_;
  }

private:
  actors::crew crew_;
  actors::reaper_actor reaper_;
};

} // namespace berth::tests
