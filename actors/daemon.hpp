#pragma once

#include "actors/daemon_record.hpp"
#include "actors/gateway.hpp"
#include "actors/page.hpp"
#include "actors/state_dir.hpp"
#include "cdp/chrome.hpp"
#include "cdp/transport/io_loop.hpp"

#include "journal/store.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace berth::actors {

/// What a `runtime` is made of: the actor system, the journal, the door, and
/// the state directory that all of it belongs to. Its members run on the thread
/// that made it, except where they say so.
class daemon {
public:
  /// @param taken_over From an owner that lives.
  daemon(config how, state_dir mine, bool taken_over, provider_profiles known);
  ~daemon(); ///< Stops, if that was not done.
  daemon(const daemon&) = delete;
  daemon& operator=(const daemon&) = delete;

  /// Spawns everybody, waits for Chrome, and opens the door.
  std::optional<failure> start(const std::function<bool()>& stop_requested);

  /// Drains, and ends everything in order. Who ended by itself leaves leases
  /// and runs to the next one.
  void stop();

  /// How it began to serve.
  const daemon_record& began_as() const {
    return began_as_;
  }

  const std::string& state_path() const {
    return directory_.path();
  }

  uint64_t looks() const {
    return looks_;
  }

  /// Why it ended by itself, as soon as it has.
  std::optional<failure> ended(std::chrono::milliseconds within) const;

private:
  std::optional<failure> open_journal();
  failure blame(failure x) const;
  outcome<cdp::chrome_factory> chrome_of(const browser_settings& x);
  std::string downloads_path() const;
  void reap_strangers();
  void spawn_harbour();
  std::optional<failure> open_door(const browser_view& ready);
  caf::expected<uint16_t> publish();
  void drain();
  failure explain(const failure& x) const;

  template <class T, class Handle, class Request>
  std::future<outcome<T>> ask(Handle whom, duration within, Request what);

  template <class Handle>
  void watch(const Handle& whom);

  // -- on the loop's thread ---------------------------------------------------

  bool is_owner();
  outcome<succession> next_epoch();
  recorder_actor make_recorder();
  void write_down(const browser_view& x);

  config how_;
  state_dir directory_;
  bool taken_over_;
  daemon_record began_as_;
  std::mutex record_mutex_; ///< Guards what follows.
  daemon_record record_ = describe_self();
  std::shared_ptr<journal::store> journal_;
  uint64_t written_in_ = 0; ///< The epoch of the crew that is made.
  std::atomic<uint64_t> pages_made_ = 0;
  std::atomic<uint64_t> looks_ = 0;
  std::shared_ptr<const provider_profiles> providers_;
  std::shared_ptr<cdp::io_loop> loop_;
  /// The last one of each browser. Of the loop's thread.
  std::map<browser_name, std::weak_ptr<cdp::chrome>> chromes_;
  caf::actor_system_config settings_;
  std::unique_ptr<caf::actor_system> system_;
  harbour_actor harbour_;
  steward_actor steward_;
  gateway_shell gateway_;
  /// Of the loop's thread.
  std::shared_ptr<peer_book> peers_ = std::make_shared<peer_book>();
  std::atomic_flag is_over_;
  std::promise<failure> over_;
  std::shared_future<failure> ended_{over_.get_future()};
};

} // namespace berth::actors
