// A disk that takes its time keeps waiting who waits for it, and nobody else.

#include "actors/durable_recorder.hpp"
#include "actors/recorder.hpp"
#include "actors/session_registry.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

namespace {

using namespace berth;
using namespace berth::actors;
using namespace std::chrono_literals;

/// Nothing here takes long: only a test that fails waits for so long.
constexpr auto much_too_long = 30s;

/// The store reads this clock within each transaction, and so a held clock is a
/// disk that does not come to an end.
class held_clock {
public:
  protocol::calendar read() {
    std::unique_lock guard{mutex_};
    ++reached_;
    change_.notify_all();
    change_.wait(guard, [this] {
      return reached_ <= let_through_;
    });
    return {};
  }

  /// From now on nobody gets through.
  void hold() {
    std::lock_guard guard{mutex_};
    let_through_ = reached_;
  }

  /// The next one does; of those after it, nobody.
  void let_one_through() {
    std::lock_guard guard{mutex_};
    ++let_through_;
    change_.notify_all();
  }

  void let_all_through() {
    std::lock_guard guard{mutex_};
    let_through_ = ~uint64_t{0};
    change_.notify_all();
  }

  /// Somebody stands there.
  bool await_one() {
    std::unique_lock guard{mutex_};
    return change_.wait_for(guard, much_too_long, [this] {
      return reached_ > let_through_;
    });
  }

private:
  std::mutex mutex_;
  std::condition_variable change_;
  uint64_t reached_ = 0;
  uint64_t let_through_ = ~uint64_t{0};
};

/// A page in which nothing happens.
caf::behavior say_nothing(caf::event_based_actor* self) {
  self->set_default_handler(caf::skip);
  return {[](wake_atom) {}};
}

/// One thread for all actors, as in a daemon, and one for the disk.
struct Recaller : testing::Test {
  Recaller() {
    settings.add_message_types<caf::id_block::berth>();
    settings.set("scheduler.policy", caf::atom("sharing"));
    settings.set("scheduler.max-threads", size_t{1});
    system = std::make_unique<caf::actor_system>(settings);
    file = *journal::store::open({dir.path() + "/journal.db", {}, 8, [this] {
                                    return clock.read();
                                  }});
    auto epoch = file->begin_epoch(0, {})->epoch;
    auto memory = system->spawn(recorder, size_t{100});
    auto writer = system->spawn<caf::detached>(journal_writer, file, epoch);
    disk = system->spawn(durable_recorder, durable_start{memory, writer});
  }

  ~Recaller() override {
    clock.let_all_through();
    if (sessions)
      caf::anon_send_exit(sessions, caf::exit_reason::kill);
    caf::anon_send_exit(disk, caf::exit_reason::kill);
  }

  void spawn_sessions() {
    config how;
    how.session.times.of_provider = {{"a", {}}};
    auto make_page = [this](const page_listener_actor& whose, session_id) {
      (pages++ == 0 ? session : session_again).set_value(whose);
      return caf::actor_cast<page_actor>(system->spawn(say_nothing));
    };
    auto recall = [this](session_id which) {
      clock.await_one(); // Somebody else writes, and has the file.
      looked_up.set_value();
      return file->recall(which);
    };
    reader = system->spawn<caf::detached>(recaller, recall);
    sessions = system->spawn(
      session_registry,
      session_registry_start{how, disk, make_page, {}, {}, reader});
  }

  template <class T, class Request>
  T ask(Request what) {
    T result{};
    caf::scoped_actor self{*system};
    self->request(sessions, much_too_long, std::move(what))
      .receive(
        [&](T& x) {
          result = std::move(x);
        },
        [](const caf::error& why) {
          ADD_FAILURE() << to_string(why);
        });
    return result;
  }

  /// Whatever the session has set going is done.
  void settle() {
    for (int i = 0; i < 2; ++i) {
      ask<session_list>(list_sessions{});
      caf::scoped_actor self{*system};
      self->request(disk, much_too_long, record{})
        .receive([] {}, [](const caf::error&) {});
    }
  }

  /// Any answer will do.
  bool answers() {
    bool result = false;
    caf::scoped_actor self{*system};
    self->request(sessions, much_too_long, list_sessions{})
      .receive(
        [&](const session_list&) {
          result = true;
        },
        [](const caf::error&) {});
    return result;
  }

  berth::apps::scratch_dir dir{*berth::apps::scratch_dir::make()};
  held_clock clock;
  std::shared_ptr<journal::store> file;
  caf::actor_system_config settings;
  std::unique_ptr<caf::actor_system> system;
  recorder_actor disk;
  session_registry_actor sessions;
  recaller_actor reader;
  std::atomic<size_t> pages = 0;
  std::promise<page_listener_actor> session;
  std::promise<page_listener_actor> session_again;
  std::promise<void> looked_up;
};

} // namespace

/// A session that fell is looked up in the journal while something else is
/// being written there.
TEST_F(Recaller, KeepsNobodyWaitingWhileASessionIsLookedUp) {
  spawn_sessions();
  auto id = ask<session_view>(open_session{{}, "a"}).session;
  send_prompt what;
  what.what.text = "hello";
  ask<run_view>(what);
  auto victim = session.get_future().get();
  settle();
  clock.hold();
  caf::anon_send_exit(victim, caf::exit_reason::kill);
  ASSERT_TRUE(clock.await_one()); // What it had to say is written first,
  caf::anon_send(disk, record{{event{}}});
  clock.let_one_through(); // and this next, while it is looked up.
  ASSERT_EQ(looked_up.get_future().wait_for(much_too_long),
            std::future_status::ready);
  EXPECT_TRUE(answers());
  clock.let_all_through();
  ASSERT_EQ(session_again.get_future().wait_for(much_too_long),
            std::future_status::ready);
  EXPECT_EQ(ask<session_view>(show_session{id}).session, id);
}

/// A registry without it could bring no fallen session back: it ends, and the
/// next crew has both.
TEST_F(Recaller, TakesItsRegistryWithIt) {
  spawn_sessions();
  EXPECT_TRUE(answers());
  caf::scoped_actor self{*system};
  self->monitor(sessions);
  caf::anon_send_exit(reader, caf::exit_reason::kill);
  bool ended = false;
  self->receive(
    [&](const caf::down_msg& x) {
      ended = x.source == sessions.address();
    },
    caf::after(much_too_long) >> [] {});
  EXPECT_TRUE(ended);
}
