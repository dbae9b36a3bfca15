#pragma once

#include "actors/claim.hpp"
#include "actors/daemon_record.hpp"
#include "actors/front_door.hpp"
#include "actors/held_port.hpp"
#include "actors/own_record.hpp"
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
  /// @param got What is ours.
  /// @param configured See `runtime::start_or_join`.
  daemon(config how, claim got, provider_profiles known,
         runtime::browser_source configured = {});
  ~daemon(); ///< Stops, if that was not done.
  daemon(const daemon&) = delete;
  daemon& operator=(const daemon&) = delete;

  /// Holds the port, opens the journal, and looks for whatever else could go
  /// wrong; only then begins an epoch, has Chrome, and opens the door. If it
  /// fails, then leases, tabs and the Chromes that ran before are as they were.
  std::optional<failure> start(const std::function<bool()>& stop_requested);

  /// Drains, and ends everything in order. Who ended by itself leaves leases
  /// and runs to the next one; who has never opened its door, Chrome, too.
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
  std::optional<failure> get_ready();
  std::optional<failure> load_keys();
  std::optional<failure> open_journal();
  std::optional<failure> hold_port();
  failure undone(failure why) const;
  failure blame(failure x) const;
  outcome<cdp::chrome_factory> chrome_of(const browser_settings& x);
  std::string downloads_path() const;
  void clear_the_way();
  void spawn_harbour();
  std::optional<failure> open_door(const browser_view& ready);
  void drain();
  failure explain(const failure& x) const;

  template <class Handle>
  void watch(const Handle& whom);

  // -- on the harbour's thread, and the loop's --------------------------------

  bool is_owner();
  outcome<succession> next_epoch();
  recorder_actor make_recorder();
  void write_down(const browser_view& x);

  config how_;
  state_dir directory_;
  bool taken_over_; ///< From an owner that lives,
  bool connected_;  ///< and that is connected with its Chromes.
  std::shared_ptr<held_port> port_;
  bool served_ = false; ///< The door was opened.
  runtime::browser_source configured_;
  daemon_keys keys_;
  daemon_record began_as_;
  own_record record_{directory_, how_};
  std::shared_ptr<journal::store> journal_;
  std::atomic<uint64_t> written_in_ = 0; ///< The epoch of the present crew.
  std::atomic<uint64_t> pages_made_ = 0;
  std::atomic<uint64_t> looks_ = 0;
  std::shared_ptr<const provider_profiles> providers_;
  std::shared_ptr<cdp::io_loop> loop_;
  std::mutex chromes_mutex_; ///< Guards the last one of each browser.
  std::map<browser_name, std::weak_ptr<cdp::chrome>> chromes_;
  caf::actor_system_config settings_;
  std::unique_ptr<caf::actor_system> system_;
  harbour_actor harbour_;
  steward_actor steward_;
  front_door_actor door_;
  std::atomic_flag is_over_;
  std::promise<failure> over_;
  std::shared_future<failure> ended_{over_.get_future()};
};

} // namespace berth::actors
