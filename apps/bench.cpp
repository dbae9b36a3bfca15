#include "apps/bench.hpp"

#include "actors/errors.hpp"
#include "actors/gateway.hpp"
#include "actors/guarded_door.hpp"
#include "actors/harbour.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/remote/mooring.hpp"
#include "actors/wire.hpp"
#include "apps/instant_chrome.hpp"
#include "cdp/message.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <spdlog/spdlog.h>

namespace berth::apps {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

double since(clock::time_point start) {
  return std::chrono::duration<double, std::micro>(clock::now() - start)
    .count();
}

/// Sends the next call when the last one was answered, on the loop's thread.
class plain_client : public std::enable_shared_from_this<plain_client> {
public:
  plain_client(std::shared_ptr<cdp::chrome> chrome, size_t count)
    : chrome_{std::move(chrome)}, left_{count} {
    // nop
  }

  std::future<std::vector<double>> run() {
    auto me = shared_from_this();
    chrome_->start({[me](cdp::chrome_started) {
                      me->open();
                    },
                    [me](cdp::frame_ptr x) {
                      me->hear(x);
                    },
                    [me](cdp::chrome_ended) {
                      me->finish();
                    }});
    return done_.get_future();
  }

private:
  void open() {
    send("Target.createTarget",
         R"({"url":"about:blank","newWindow":true,"background":true})");
  }

  void hear(const cdp::frame_ptr& x) {
    if (!x->head.is_answer() || x->head.id != id_)
      return;
    if (target_.empty()) {
      target_ = cdp::read_text_field(x->head.result, "targetId");
      send("Target.attachToTarget",
           R"({"flatten":true,"targetId":")" + target_ + R"("})");
    } else if (session_.empty()) {
      session_ = cdp::read_text_field(x->head.result, "sessionId");
      next();
    } else {
      times_.push_back(since(start_));
      next();
    }
  }

  void next() {
    if (left_-- == 0)
      return finish();
    start_ = clock::now();
    send("Runtime.evaluate", R"({"expression":"1","returnByValue":true})");
  }

  void send(const char* method, const std::string& params) {
    chrome_->send(cdp::write_command(++id_, method, params, session_));
  }

  void finish() {
    if (!std::exchange(finished_, true)) {
      session_.clear();
      send("Target.closeTarget", R"({"targetId":")" + target_ + R"("})");
      done_.set_value(std::move(times_));
    }
  }

  std::shared_ptr<cdp::chrome> chrome_;
  size_t left_;
  uint64_t id_ = 0;
  bool finished_ = false;
  std::string target_, session_;
  clock::time_point start_;
  std::vector<double> times_;
  std::promise<std::vector<double>> done_;
};

/// One command after the other.
struct command_driver : std::enable_shared_from_this<command_driver> {
  command_driver(client::mooring_actor whom, lease_ref what, size_t count)
    : mooring{std::move(whom)}, lease{what}, left{count} {
    // nop
  }

  client::mooring_actor mooring;
  lease_ref lease;
  size_t left;
  std::vector<double> times;
  std::promise<void> ended;

  void next(caf::event_based_actor* self) {
    if (left-- == 0) {
      ended.set_value();
      return;
    }
    auto start = clock::now();
    auto go_on = [me = shared_from_this(), self, start] {
      me->times.push_back(since(start));
      me->next(self);
    };
    self->request(mooring, 60s, evaluate{{lease, {}, {}}, "1"})
      .then(
        [go_on](const answer&) {
          go_on();
        },
        [go_on](const caf::error&) {
          go_on();
        });
  }
};

/// One lease after the other, until the time is over.
struct lease_driver : std::enable_shared_from_this<lease_driver> {
  lease_driver(client::mooring_actor whom, clock::time_point end)
    : mooring{std::move(whom)}, until{end} {
    // nop
  }

  client::mooring_actor mooring;
  clock::time_point until;
  std::vector<double> times;
  std::promise<void> ended;

  void next(caf::event_based_actor* self) {
    if (clock::now() >= until) {
      ended.set_value();
      return;
    }
    acquire what;
    what.wait = 30s;
    auto start = clock::now();
    auto me = shared_from_this();
    self->request(mooring, 60s, what)
      .then(
        [me, self, start](const grant& x) {
          me->times.push_back(since(start));
          auto go_on = [me, self] {
            me->next(self);
          };
          self->request(me->mooring, 60s, release_lease{x.lease})
            .then(go_on, [go_on](const caf::error&) {
              go_on();
            });
        },
        [me](const caf::error&) {
          me->ended.set_value();
        });
  }
};

/// Client actors in a system of their own, as another process has one.
class client_side {
public:
  explicit client_side(uint16_t port) : port_{port} {
    actors::speak_berth(config_, {});
    config_.set("scheduler.max-threads", size_t{1});
    system_ = std::make_unique<caf::actor_system>(config_);
  }

  client::mooring_actor moor() {
    client::mooring_options how;
    how.port = port_;
    moorings_.push_back(client::spawn_mooring(*system_, how));
    return moorings_.back();
  }

  template <class Driver>
  void drive(std::shared_ptr<Driver> x) {
    system_->spawn([x](caf::event_based_actor* self) {
      x->next(self);
    });
  }

  ~client_side() {
    for (auto& x : moorings_)
      caf::anon_send(x, actors::goodbye{});
    moorings_.clear();
  }

private:
  uint16_t port_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::vector<client::mooring_actor> moorings_;
};

/// The daemon's actors and door, without Chrome.
class chromeless {
public:
  explicit chromeless(size_t clients)
    : loop_{std::make_shared<cdp::io_loop>()} {
    spdlog::set_level(spdlog::level::off);
    how_.door.port = 0;
    how_.admission.per_key = how_.admission.global = clients;
    how_.admission.tabs = 2 * clients;
    actors::speak_berth(config_, {});
    actors::run_actors_on(config_, loop_);
    system_ = std::make_unique<caf::actor_system>(config_);
    auto loop = loop_;
    harbour_ = system_->spawn(
      actors::harbour, actors::harbour_start{how_,
                                             [loop] {
                                               return instant_chrome(loop);
                                             },
                                             {},
                                             [] {
                                               return uint64_t{1};
                                             }});
    gateway_
      = system_->spawn(actors::gateway, actors::gateway_start{harbour_, how_});
    auto opened = actors::publish_guarded(*system_, gateway_, how_.door);
    port_ = opened ? *opened : 0;
  }

  ~chromeless() {
    {
      caf::scoped_actor self{*system_};
      self->request(harbour_, 10s, actors::stop_harbour{})
        .receive([] {}, [](const caf::error&) {});
      self->send_exit(gateway_, caf::exit_reason::user_shutdown);
    }
    harbour_ = nullptr;
    gateway_ = nullptr;
  }

  uint16_t port() const {
    return port_;
  }

private:
  config how_;
  std::shared_ptr<cdp::io_loop> loop_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  actors::harbour_actor harbour_;
  actors::gateway_actor gateway_;
  uint16_t port_ = 0;
};

} // namespace

void latencies::add(const std::vector<double>& more) {
  all_.insert(all_.end(), more.begin(), more.end());
}

double latencies::at(double p) const {
  if (all_.empty())
    return 0;
  auto sorted = all_;
  auto i = static_cast<size_t>(p * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<ptrdiff_t>(i),
                   sorted.end());
  return sorted[i];
}

std::vector<double>
time_plain_calls(const std::string& endpoint, size_t count) {
  auto loop = std::make_shared<cdp::io_loop>();
  cdp::attach_options options;
  options.url = endpoint;
  auto chrome = cdp::attached_chrome(loop, options);
  auto result = std::make_shared<plain_client>(chrome, count)->run().get();
  chrome->stop(0ms);
  return result;
}

std::vector<double>
time_berth_calls(uint16_t port, lease_ref lease, size_t count) {
  client_side clients{port};
  auto driver = std::make_shared<command_driver>(clients.moor(), lease, count);
  auto ended = driver->ended.get_future();
  clients.drive(driver);
  ended.wait();
  return driver->times;
}

outcome<lease_count> count_leases(size_t clients, duration time) {
  chromeless daemon{clients};
  if (daemon.port() == 0)
    return fail(errc::invalid_argument, "No port could be opened.");
  client_side side{daemon.port()};
  std::vector<std::shared_ptr<lease_driver>> all;
  auto until = clock::now() + time;
  for (size_t i = 0; i < clients; ++i) {
    all.push_back(std::make_shared<lease_driver>(side.moor(), until));
    side.drive(all.back());
  }
  lease_count result;
  size_t granted = 0;
  for (auto& driver : all) {
    driver->ended.get_future().wait();
    granted += driver->times.size();
    result.grants.add(driver->times);
  }
  result.per_second = static_cast<double>(granted)
                      / std::chrono::duration<double>(time).count();
  return result;
}

} // namespace berth::apps
