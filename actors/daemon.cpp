#include "actors/daemon.hpp"

#include "actors/ask.hpp"
#include "actors/chrome_choice.hpp"
#include "actors/durable_recorder.hpp"
#include "actors/errors.hpp"
#include "actors/harbour.hpp"
#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/patience.hpp"
#include "actors/process_finder.hpp"
#include "actors/recorder.hpp"
#include "actors/steward.hpp"
#include "actors/wire.hpp"
#include "cdp/transport/chrome_process.hpp"

#include <algorithm>
#include <filesystem>
#include <spdlog/spdlog.h>

namespace berth::actors {

namespace {

namespace fs = std::filesystem;

using namespace std::chrono_literals;

} // namespace

daemon::daemon(config how, claim got, provider_profiles known,
               browser_source configured)
  : how_{std::move(how)},
    directory_{std::move(*got.mine)},
    taken_over_{got.owner.has_value()},
    connected_{got.connected},
    configured_{std::move(configured)},
    providers_{std::make_shared<const provider_profiles>(std::move(known))},
    loop_{std::make_shared<cdp::io_loop>()} {
  for (auto& [name, profile] : *providers_)
    how_.session.times.of_provider[name] = profile.times;
  speak_berth(settings_, {how_.door.heartbeat, how_.door.silence_max});
  run_actors_on(settings_, loop_, [this] {
    is_owner();
  });
  run_network_on(settings_, loop_);
  system_ = std::make_unique<caf::actor_system>(settings_);
}

daemon::~daemon() {
  stop();
}

std::optional<failure> daemon::ended(std::chrono::milliseconds within) const {
  if (ended_.wait_for(within) != std::future_status::ready)
    return std::nullopt;
  return ended_.get();
}

// -- the start ----------------------------------------------------------------

std::optional<failure>
daemon::start(const std::function<bool()>& stop_requested) {
  if (auto why = get_ready())
    return undone(*why);
  spawn_harbour();
  auto serving = ask<crew>(*system_, harbour_, 10s, get_crew{}).get();
  if (!serving)
    return undone(explain(serving.error()));
  auto patience = start_patience(how_);
  auto view = ask<browser_view>(*system_, serving->fleet, patience,
                                await_browser{patience - 5s});
  bool is_here = false, is_to_end = false; // Which is told only once.
  while (!is_here && !is_to_end) {
    is_here = view.wait_for(100ms) == std::future_status::ready;
    is_to_end = stop_requested && stop_requested();
  }
  if (is_to_end)
    return undone(fail(errc::stopping, "It was told to end while it started."));
  auto ready = view.get();
  if (!ready)
    return undone(explain(ready.error()));
  if (auto why = open_door(*ready))
    return undone(*why);
  served_ = true;
  // Not before: a start that fails leaves them to the next one.
  end_unconfigured_chromes(how_, directory_.path());
  return std::nullopt;
}

/// Whatever can go wrong before anybody's Chrome or leases are touched.
std::optional<failure> daemon::get_ready() {
  if (auto why = chrome_obstacle(how_, directory_.path()))
    return why;
  if (auto why = hold_port())
    return why;
  if (auto why = load_keys())
    return why;
  if (auto why = open_journal())
    return why;
  if (!record_.starts())
    return fail(errc::journal_failed,
                "Nothing can be written into the state directory '"
                  + directory_.path()
                  + "'. Look for a full disk, or for another daemon that "
                    "starts there.");
  for (const auto& x : browsers_of(how_))
    if (auto chrome = chrome_of(x); !chrome)
      return chrome.error();
  return std::nullopt;
}

/// Clients of a daemon that is gone look for it where it was. But one that was
/// taken over may still sit on the port.
std::optional<failure> daemon::hold_port() {
  auto& door = how_.door;
  auto before = directory_.previous();
  auto port = door.port == 0 && before ? before->port : door.port;
  auto held = held_port::take(door.host, port);
  if (!held && port != 0 && (door.port == 0 || taken_over_))
    held = held_port::take(door.host, 0);
  if (!held)
    return held.error();
  port_ = std::make_shared<held_port>(std::move(*held));
  return std::nullopt;
}

/// What a start that failed has to add.
failure daemon::undone(failure why) const {
  if (written_in_ != 0)
    why.what += " Leases are left to the next start, and so is a browser that "
                "ran before, unless it had to end for this one.";
  else if (taken_over_)
    why.what += " The daemon before this one did not answer, and was replaced "
                "already. Its browser, tabs and leases are left to the next "
                "start.";
  else
    why.what += " Nothing was started, and no lease was changed.";
  return why;
}

std::optional<failure> daemon::load_keys() {
  auto keys = make_keys(directory_.path());
  if (!keys)
    return keys.error();
  keys_ = *keys;
  return std::nullopt;
}

std::optional<failure> daemon::open_journal() {
  auto opened
    = journal::store::open({directory_.path() + "/journal.db", how_.journal,
                            how_.session.runs_kept_max});
  if (!opened)
    return blame(opened.error());
  journal_ = std::move(*opened);
  return std::nullopt;
}

/// A process that was stopped while it wrote keeps the journal from all others,
/// and nothing can be done about that from here.
failure daemon::blame(failure x) const {
  auto& before = directory_.previous();
  if (x.code == errc::journal_failed && before
      && fate_of(*before) == process_fate::lives)
    x.what += " The daemon before this one still runs (" + describe(*before)
              + "). If it is stopped: kill -9 " + std::to_string(before->pid);
  return x;
}

/// So that all of them can be let go when the directory is not ours any more.
outcome<cdp::chrome_factory> daemon::chrome_of(const browser_settings& x) {
  auto chosen = choose_chrome(x, directory_.path(), loop_, [this] {
    return directory_.is_ours();
  });
  if (!chosen)
    return chosen;
  std::error_code unseen;
  if (fs::is_symlink(downloads_path(), unseen))
    return fail(errc::invalid_argument,
                "'" + downloads_path()
                  + "' is a symbolic link, which is not followed. Remove it.");
  fs::create_directories(downloads_path() + "/" + x.name.value, unseen);
  return cdp::chrome_factory{[this, name = x.name, make = *chosen] {
    auto made = make();
    std::lock_guard guard{chromes_mutex_};
    chromes_[name] = made;
    return made;
  }};
}

std::string daemon::downloads_path() const {
  return directory_.path() + "/downloads";
}

/// The first epoch has begun: downloads of a killed daemon go, and Chromes that
/// another process keeps.
void daemon::clear_the_way() {
  std::error_code unseen;
  fs::remove_all(downloads_path(), unseen);
  if (connected_)
    cdp::reap_orphan_chromes(directory_.path());
  for (const auto& x : browsers_of(how_))
    fs::create_directories(downloads_path() + "/" + x.name.value, unseen);
}

void daemon::spawn_harbour() {
  harbour_start with{how_,
                     [this](const browser_settings& x) {
                       return chrome_of(x);
                     },
                     downloads_path(),
                     [this] {
                       return next_epoch();
                     },
                     [this] {
                       return make_recorder();
                     }};
  with.make_page
    = [this](const crew& who, const page_listener_actor& whose, session_id id) {
        return system_->spawn(page, page_start{id,
                                               holder_of(id, ++pages_made_),
                                               whose,
                                               providers_,
                                               how_.session.times,
                                               {},
                                               who});
      };
  with.configured = configured_;
  if (how_.journal.keep != durability::memory)
    with.recall = [file = journal_](session_id which) {
      return file->recall(which);
    };
  // It begins epochs, which waits for the disk: so it has a thread of its own.
  harbour_ = system_->spawn<caf::detached>(harbour, std::move(with));
  watch(harbour_);
}

std::optional<failure> daemon::open_door(const browser_view& ready) {
  // Makes no gateway before it is told to open, when there is a steward.
  door_ = system_->spawn<caf::detached>(
    front_door,
    on_network(*system_, harbour_, how_, port_,
               [this, finder = system_->spawn<caf::detached>(process_finder)](
                 const std::shared_ptr<peer_book>& peers) {
                 return system_->spawn(gateway,
                                       gateway_start{harbour_, how_, steward_,
                                                     keys_, peers, finder});
               }));
  watch(door_);
  steward_ = system_->spawn(
    steward, steward_start{harbour_, door_,
                           longest_of(how_, &browser_settings::start_within),
                           [this] {
                             return is_owner();
                           },
                           [this](const browser_view& x) {
                             ++looks_;
                             write_down(x);
                           }});
  watch(steward_);
  auto opened = ask<uint16_t>(*system_, door_, 60s, actors::open_door{}).get();
  if (!opened)
    return fail(errc::invalid_argument,
                "Port " + std::to_string(port_->port()) + " on "
                  + how_.door.host
                  + " cannot be opened: " + opened.error().what);
  if (!record_.serves(*opened, how_.door.host, ready, written_in_))
    return fail(errc::journal_failed,
                "Where the daemon serves cannot be written into '"
                  + directory_.path()
                  + "', and nobody would find it. Look for a full disk.");
  began_as_ = record_.written();
  return std::nullopt;
}

// -- while it serves ----------------------------------------------------------

/// Looks whether the directory is ours still. If it is not, nothing that we do
/// from now on reaches Chrome.
bool daemon::is_owner() {
  if (directory_.is_ours())
    return true;
  std::lock_guard guard{chromes_mutex_};
  for (auto& [name, chrome] : chromes_)
    if (auto mine = chrome.lock())
      mine->let_go();
  return false;
}

outcome<succession> daemon::next_epoch() {
  // Known before the journal says that leases have ended.
  if (!directory_.keep_epoch(directory_.last_epoch()))
    return directory_.epoch_trouble();
  auto now = std::chrono::steady_clock::now();
  auto begun = journal_->begin_epoch(directory_.last_epoch(), now, [this] {
    return is_owner();
  });
  if (!begun)
    return blame(begun.error());
  bool is_first = written_in_.exchange(begun->epoch) == 0;
  if (!directory_.keep_epoch(begun->epoch))
    return directory_.epoch_trouble();
  if (is_first)
    clear_the_way();
  auto& left = begun->left;
  fit(left, now);
  if (!left.leases.empty() || !left.sessions.empty())
    spdlog::info("{} leases and {} sessions of epoch {} live on",
                 left.leases.size(), left.sessions.size(), begun->epoch - 1);
  return begun;
}

recorder_actor daemon::make_recorder() {
  auto memory = system_->spawn(recorder, size_t{how_.events_kept});
  if (how_.journal.keep == durability::memory)
    return memory;
  auto writer = system_->spawn<caf::detached>(journal_writer, journal_,
                                              written_in_.load());
  return system_->spawn(durable_recorder, durable_start{memory, writer});
}

/// How it is. The disk may keep that waiting.
void daemon::write_down(const browser_view& x) {
  loop_->on_disk([this, x, epoch = uint64_t{written_in_}] {
    record_.note(x, epoch);
  });
}

/// Its end is that of the daemon. Not by an actor of its own: CAF ends those
/// that nobody knows.
template <class Handle>
void daemon::watch(const Handle& whom) {
  caf::actor_cast<caf::abstract_actor*>(whom)->attach_functor(
    [this](const caf::error& why) {
      if (!is_over_.test_and_set())
        over_.set_value(why ? to_failure(why)
                            : fail(errc::stopping, "stopped"));
    });
}

/// Who asks the dead learns only that they are: the harbour knows of what.
failure daemon::explain(const failure& x) const {
  auto why = x.code == errc::client_gone ? ended(1s) : std::nullopt;
  return why.value_or(x);
}

// -- the end ------------------------------------------------------------------

void daemon::stop() {
  if (!system_)
    return;
  bool in_order = served_ && !ended(0ms);
  if (in_order && door_)
    drain();
  {
    caf::scoped_actor self{*system_};
    if (harbour_)
      self
        ->request(harbour_,
                  2 * longest_of(how_, &browser_settings::stop_within) + 15s,
                  stop_harbour{in_order})
        .receive([] {}, [](const caf::error&) {});
    if (door_)
      self->send_exit(door_, caf::exit_reason::user_shutdown);
    if (steward_)
      self->send_exit(steward_, caf::exit_reason::user_shutdown);
  }
  harbour_ = nullptr;
  door_ = nullptr;
  steward_ = nullptr;
  system_.reset();
  // What is still to be written down is written by this object.
  std::promise<void> written;
  loop_->on_disk([&written] {
    written.set_value();
  });
  written.get_future().wait();
  // A crew that was not replaced has let its Chrome go. One that served before
  // we tried to is the next start's.
  if (!served_)
    cdp::reap_own_chromes(directory_.path());
  else if (directory_.is_ours())
    cdp::reap_orphan_chromes(directory_.path());
}

/// No new work; runs under way may end.
void daemon::drain() {
  caf::scoped_actor self{*system_};
  self->send(steward_, wind_down{});
  self->send(door_, wind_down{});
  self
    ->request(harbour_, how_.stop.drain_within + 10s,
              await_calm{how_.stop.drain_within})
    .receive([] {}, [](const caf::error&) {});
}

} // namespace berth::actors
