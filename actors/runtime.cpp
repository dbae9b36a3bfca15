#include "actors/runtime.hpp"

#include "actors/durable_recorder.hpp"
#include "actors/errors.hpp"
#include "actors/gateway.hpp"
#include "actors/guarded_door.hpp"
#include "actors/harbour.hpp"
#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/page.hpp"
#include "actors/recorder.hpp"
#include "actors/remote/mooring.hpp"
#include "actors/state_dir.hpp"
#include "actors/wire.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <atomic>
#include <filesystem>
#include <future>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace berth {

using namespace actors;
using namespace protocol;

namespace {

namespace fs = std::filesystem;

using namespace std::chrono_literals;

std::chrono::milliseconds to_ms(duration x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

/// A managed Chrome, or the attached one: whichever is configured.
outcome<cdp::chrome_factory>
choose_chrome(const config& how, const std::string& dir,
              const std::shared_ptr<cdp::io_loop>& loop) {
  if (!how.browser.url.empty()) {
    cdp::attach_options options;
    options.url = how.browser.url;
    options.connect_within = to_ms(how.browser.start_within);
    return cdp::chrome_factory{[=] {
      return cdp::attached_chrome(loop, options);
    }};
  }
  cdp::launch_options options;
  options.program
    = how.browser.program.empty() ? cdp::find_chrome() : how.browser.program;
  if (options.program.empty())
    return fail(errc::browser_unavailable,
                "No Chromium or Chrome was found on PATH. Install one "
                "(Debian: apt-get install chromium) or set browser.program.");
  options.profile = dir + "/profile";
  options.log = dir + "/chrome.log";
  options.owner = dir;
  options.headless = how.browser.headless;
  options.sandbox = ::geteuid() != 0;
  options.extra_flags = how.browser.flags;
  options.start_within = to_ms(how.browser.start_within);
  return cdp::chrome_factory{[=] {
    return cdp::managed_chrome(loop, options);
  }};
}

std::string first_line(const std::vector<complaint>& all) {
  std::string result;
  for (const auto& x : all)
    result += (result.empty() ? "" : "; ") + x.field + ": " + x.what;
  return result;
}

} // namespace

struct runtime::impl {
  impl(config x, actors::state_dir dir, provider_profiles known)
    : how{std::move(x)},
      directory{std::move(dir)},
      providers{std::make_shared<const provider_profiles>(std::move(known))},
      loop{std::make_shared<cdp::io_loop>()} {
    for (auto& [name, profile] : *providers)
      how.session.times.of_provider[name] = profile.times;
    speak_berth(settings, {how.door.heartbeat, how.door.silence_max});
    run_actors_on(settings, loop);
    run_network_on(settings, loop);
    system = std::make_unique<caf::actor_system>(settings);
  }

  ~impl() {
    stop();
  }

  /// Spawns everybody and waits for Chrome.
  std::optional<failure> start(cdp::chrome_factory make_chrome,
                               const std::function<bool()>& stop_requested) {
    auto downloads = directory.path() + "/downloads";
    std::error_code unseen;
    fs::remove_all(downloads, unseen); // What a killed daemon left.
    fs::create_directories(downloads, unseen);
    harbour_start with{how, std::move(make_chrome), downloads,
                       [this] {
                         return next_epoch();
                       },
                       [this] {
                         return make_recorder();
                       }};
    with.make_page = [this](const crew& who, const page_listener_actor& whose,
                            session_id id) {
      return system->spawn(page, page_start{id,
                                            holder_of(id, ++pages_made),
                                            whose,
                                            providers,
                                            how.session.times,
                                            {},
                                            who});
    };
    if (how.journal.keep != durability::memory)
      with.recall = [file = journal](session_id which) {
        return file->recall(which);
      };
    harbour = system->spawn(actors::harbour, std::move(with));
    watch_harbour();
    auto got = ask<crew>(harbour, 10s, get_crew{}).get();
    if (!got)
      return explain(got.error());
    serving = *got;
    epoch = serving.epoch;
    auto patience = how.browser.start_within;
    auto view = ask<browser_view>(serving.browser, patience + 15s,
                                  await_browser{patience + 10s});
    while (view.wait_for(100ms) != std::future_status::ready)
      if (stop_requested && stop_requested())
        return fail(errc::stopping, "It was told to end while Chrome started.");
    auto ready = view.get();
    if (!ready)
      return explain(ready.error());
    product = ready->product;
    return open_door();
  }

  std::optional<failure> open_journal() {
    auto opened
      = journal::store::open({directory.path() + "/journal.db", how.journal,
                              how.session.runs_kept_max});
    if (!opened)
      return opened.error();
    journal = std::move(*opened);
    return std::nullopt;
  }

  outcome<succession> next_epoch() {
    auto now = std::chrono::steady_clock::now();
    auto begun = journal->begin_epoch(directory.last_epoch(), now);
    if (!begun)
      return begun;
    if (!directory.keep_epoch(begun->epoch))
      return fail(errc::journal_failed,
                  "The epoch could not be kept in '" + directory.path() + "'.");
    written_in = begun->epoch;
    auto& left = begun->left;
    if (!left.leases.empty() || !left.sessions.empty())
      spdlog::info("{} leases and {} sessions of epoch {} live on",
                   left.leases.size(), left.sessions.size(), begun->epoch - 1);
    return begun;
  }

  recorder_actor make_recorder() {
    auto memory = system->spawn(recorder, size_t{how.events_kept});
    if (how.journal.keep == durability::memory)
      return memory;
    auto writer
      = system->spawn<caf::detached>(journal_writer, journal, written_in);
    return system->spawn(durable_recorder, durable_start{memory, writer});
  }

  /// Not by an actor of its own: CAF ends those that nobody knows.
  void watch_harbour() {
    caf::actor_cast<caf::abstract_actor*>(harbour)->attach_functor(
      [this](const caf::error& why) {
        over.set_value(why ? to_failure(why) : fail(errc::stopping, "stopped"));
      });
  }

  /// Who asks the dead learns only that they are: the harbour knows of what.
  failure explain(const failure& x) {
    bool dead = x.code == errc::client_gone
                && ended.wait_for(1s) == std::future_status::ready;
    return dead ? ended.get() : x;
  }

  /// The answer of an actor, for a thread that is none.
  template <class T, class Handle, class Request>
  std::future<outcome<T>> ask(Handle whom, duration within, Request what) {
    auto answer = std::make_shared<std::promise<outcome<T>>>();
    system->spawn([=](caf::event_based_actor* self) {
      self->request(whom, within, what)
        .then(
          [answer](const T& x) {
            answer->set_value(x);
          },
          [answer](const caf::error& why) {
            answer->set_value(to_failure(why));
          });
    });
    return answer->get_future();
  }

  std::optional<failure> open_door() {
    gateway = system->spawn(actors::gateway, gateway_start{harbour, how});
    // Clients of a daemon that was killed look for it where it was.
    auto door = how.door;
    if (door.port == 0)
      door.port = directory.last_port();
    auto opened = publish_guarded(*system, gateway, door);
    if (!opened && door.port != how.door.port)
      opened = publish_guarded(*system, gateway, how.door);
    if (!opened)
      return fail(errc::invalid_argument,
                  "Port " + std::to_string(how.door.port) + " on "
                    + how.door.host
                    + " cannot be opened: " + to_failure(opened.error()).what);
    port = *opened;
    directory.announce({::getpid(), port, how.door.host});
    return std::nullopt;
  }

  void stop() {
    if (!system)
      return;
    {
      caf::scoped_actor self{*system};
      if (harbour)
        self
          ->request(harbour, 2 * how.browser.stop_within + 10s, stop_harbour{})
          .receive([] {}, [](const caf::error&) {});
      if (gateway)
        self->send_exit(gateway, caf::exit_reason::user_shutdown);
    }
    serving = {};
    harbour = nullptr;
    gateway = nullptr;
    system.reset();
    // A crew that was not replaced has let its Chrome go.
    if (how.browser.url.empty())
      cdp::reap_orphan_chromes(directory.path());
  }

  config how;
  actors::state_dir directory;
  std::shared_ptr<journal::store> journal;
  uint64_t written_in = 0; ///< The epoch of the crew that is made.
  std::atomic<uint64_t> pages_made = 0;
  std::shared_ptr<const provider_profiles> providers;
  std::shared_ptr<cdp::io_loop> loop;
  caf::actor_system_config settings;
  std::unique_ptr<caf::actor_system> system;
  harbour_actor harbour;
  gateway_actor gateway;
  crew serving;
  uint64_t epoch = 0;
  uint16_t port = 0;
  std::string product;
  std::promise<failure> over;
  std::shared_future<failure> ended{over.get_future()};
};

outcome<runtime>
runtime::start(config how, const std::function<bool()>& stop_requested,
               provider_profiles known) {
  if (auto wrong = validate(how); !wrong.empty())
    return fail(errc::invalid_argument, first_line(wrong));
  auto path = how.state_dir.empty() ? default_state_dir() : how.state_dir;
  auto directory = actors::state_dir::own(fs::absolute(path).string());
  if (!directory)
    return directory.error();
  auto made = std::make_unique<impl>(std::move(how), std::move(*directory),
                                     std::move(known));
  if (auto why = made->open_journal())
    return *why;
  auto chrome = choose_chrome(made->how, made->directory.path(), made->loop);
  if (!chrome)
    return chrome.error();
  if (auto why = made->start(std::move(*chrome), stop_requested))
    return *why;
  return runtime{std::move(made)};
}

runtime::runtime(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

runtime::runtime(runtime&&) noexcept = default;
runtime& runtime::operator=(runtime&&) noexcept = default;
runtime::~runtime() = default;

uint16_t runtime::port() const {
  return impl_->port;
}

const std::string& runtime::state_dir() const {
  return impl_->directory.path();
}

uint64_t runtime::epoch() const {
  return impl_->epoch;
}

const std::string& runtime::browser() const {
  return impl_->product;
}

std::string runtime::wait(const std::function<bool()>& stop_requested) {
  while (!stop_requested())
    if (impl_->ended.wait_for(100ms) == std::future_status::ready)
      return impl_->ended.get().what;
  return {};
}

void runtime::stop() {
  impl_->stop();
}

const char* version() {
  return BERTH_VERSION;
}

} // namespace berth
