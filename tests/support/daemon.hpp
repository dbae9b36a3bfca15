// A whole daemon in the world: the real actors, all of them, with a fake
// Chrome and a fake disk. And its guests: agents, each a process of its own.

#pragma once

#include "actors/harbour.hpp"
#include "protocol/config.hpp"

#include "tests/support/fake_chrome.hpp"
#include "tests/support/fake_journal.hpp"
#include "tests/support/world.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace berth::tests {

/// The keys of every daemon in a world. Its guests are trusted with them: they
/// are operators, and may show credentials that they were not given.
const actors::daemon_keys& world_keys();

/// What opens this lease there.
lease_credential proven(lease_ref x);

/// Also hears that its process goes on.
using hearing_actor
  = actors::watcher_actor::extend<caf::reacts_to<actors::wake_atom>>;

/// One agent's process: its watcher hears events, its requests go through a
/// client actor of the daemon.
class guest {
public:
  using door = std::shared_ptr<actors::gateway_actor>; ///< May be another's.

  /// Of guests with the same number everybody believes that they are one.
  guest(world& where, door at, uint64_t number, std::string name);

  /// Says hello; again after a lost connection. To settle before it is used.
  void join();

  /// The daemon's end of the connection has ended: nothing that was asked on
  /// it is answered any more.
  bool is_cut();

  /// It said hello to a daemon that is not there any more.
  bool waits_in_vain() const {
    return hello_ && hello_->pending() && said_to_ != door_->address();
  }

  bool joined() const {
    return lives_ && hello_ && hello_->value;
  }

  bool lives() const {
    return lives_;
  }

  /// Asks the daemon. Only a guest that has joined can.
  template <class T, class Request>
  asked<T> ask(Request x) {
    if constexpr (actors::is_for_operators<Request>)
      return where_->ask<T>(hello_->value->operator_, std::move(x));
    else
      return where_->ask<T>(hello_->value->client, std::move(x));
  }

  /// As by SIGKILL.
  void die();

  /// As by SIGSTOP: it answers nothing, and the daemon does not know why.
  void stop();
  void go_on();

  /// The daemon's end of the connection ends, as by a bug in it.
  void lose_client();

  /// Nothing gets through any more, and the daemon does not know; it notices
  /// after `silence`. Meanwhile this guest may join anew.
  void go_half_open(duration silence);

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
    return ear_->heard;
  }

  /// What its watcher does: in a process that stopped, nothing.
  struct ear {
    events heard;
    bool stopped = false;
    std::vector<std::pair<events, caf::response_promise>> waiting;
  };

private:
  world* where_;
  door door_;
  actors::client_secret secret_;
  client_id id_;
  std::string name_;
  bool lives_ = false;
  hearing_actor watcher_;
  asked<actors::welcome> hello_;
  caf::actor_addr said_to_;
  std::shared_ptr<ear> ear_ = std::make_shared<ear>();
  std::shared_ptr<bool> cut_; ///< None until its client is known.
};

/// Where guests berth: a Chrome, a disk and a door. Who serves behind the door
/// is for those who derive from it.
class quay {
public:
  virtual ~quay() = default;

  guest make_guest(uint64_t number, std::string name) {
    return guest{where_, gateway_, number, std::move(name)};
  }

  /// As by SIGKILL; the next one comes by itself.
  virtual void be_killed() {
    // nop: where there is no daemon, there is none to kill.
  }

  /// The first one, and those beside it.
  fake_chrome& chrome() {
    return chrome_;
  }

  fake_chrome& chrome(const browser_name& which);

  /// Whose tab this is; the first one, if it is nobody's.
  fake_chrome& chrome_of(const target_id& which);
  std::vector<std::pair<browser_name, fake_chrome*>> chromes();

  /// Of all Chromes.
  std::vector<page_view> pages();
  fake_site& site();

  journal_log& journal() {
    return *journal_;
  }

protected:
  quay(world& where, browser_name first)
    : where_{where}, first_{std::move(first)}, chrome_{where} {
    // nop
  }

  world& where_;
  browser_name first_;
  fake_chrome chrome_;
  std::map<browser_name, fake_chrome> more_;
  std::shared_ptr<journal_log> journal_ = std::make_shared<journal_log>();
  guest::door gateway_ = std::make_shared<actors::gateway_actor>();
};

/// Makes the page side of a session under the crew that serves.
using page_maker = decltype(actors::harbour_start::make_page);

/// One daemon: its supervisor, whoever serves under it, and its door.
class daemon : public quay {
public:
  /// Without a maker of pages no session can be opened.
  daemon(world& where, const config& how, page_maker make_page = {});
  ~daemon() override;

  /// Who serves now. Delivers what else is due.
  actors::crew crew();

  void be_killed() override;

private:
  void start();
  void start_soon();
  void end_process();

  config how_;
  page_maker make_page_;
  bool killed_ = false; ///< And the next one is not there yet.
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);
  actors::harbour_actor harbour_;
};

} // namespace berth::tests
