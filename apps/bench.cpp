#include "apps/bench.hpp"

#include "actors/errors.hpp"
#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/remote/mooring.hpp"
#include "actors/wire.hpp"
#include "apps/chromeless.hpp"
#include "cdp/message.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <algorithm>
#include <future>
#include <limits>
#include <memory>

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
    chrome_->start({[me](const cdp::chrome_started&) {
                      me->open();
                    },
                    [me](const cdp::frame_ptr& x) {
                      me->hear(x);
                    },
                    [me](const cdp::chrome_ended&) {
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
    // To the letter what a tab's actor sends.
    send("Runtime.evaluate",
         R"({"returnByValue":true,"awaitPromise":true,"userGesture":true,)"
         R"("expression":"1"})");
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

using step
  = std::function<void(caf::event_based_actor*, std::function<void()>)>;

/// One step after the other, until so many are done or the time is over.
struct driver : std::enable_shared_from_this<driver> {
  driver(step each, size_t count, clock::time_point end)
    : what{std::move(each)}, left{count}, until{end} {
    // nop
  }

  step what;
  size_t left;
  clock::time_point until;
  std::vector<double> times;
  std::promise<void> ended;

  void next(caf::event_based_actor* self) {
    if (left-- == 0 || clock::now() >= until) {
      ended.set_value();
      return;
    }
    auto start = clock::now();
    what(self, [me = shared_from_this(), self, start] {
      me->times.push_back(since(start));
      me->next(self);
    });
  }
};

/// A request as a step. A failure is a step as well: it cost its time.
template <class T, class Request>
step asking(const client::mooring_actor& whom, const Request& what) {
  return [=](caf::event_based_actor* self, const std::function<void()>& done) {
    self->request(whom, 60s, what)
      .then(
        [done](const T&) {
          done();
        },
        [done](const caf::error&) {
          done();
        });
  };
}

/// A lease, taken and given back at once.
step leasing(const client::mooring_actor& whom) {
  acquire what;
  what.wait = 30s;
  return [=](caf::event_based_actor* self, const std::function<void()>& done) {
    self->request(whom, 60s, what)
      .then(
        [=](const grant& x) {
          self->request(whom, 60s, release_lease{x.lease})
            .then(done, [done](const caf::error&) {
              done();
            });
        },
        [done](const caf::error&) {
          done();
        });
  };
}

/// Client actors in a system of their own, as another process has one.
class client_side {
public:
  explicit client_side(uint16_t port)
    : port_{port}, loop_{std::make_shared<cdp::io_loop>()} {
    actors::speak_berth(config_, {});
    actors::run_actors_on(config_, loop_);
    actors::run_network_on(config_, loop_);
    system_ = std::make_unique<caf::actor_system>(config_);
  }

  client::mooring_actor moor() {
    client::mooring_options how;
    how.port = port_;
    moorings_.push_back(client::spawn_mooring(*system_, how));
    return moorings_.back();
  }

  std::shared_ptr<driver>
  drive(step what, size_t count, clock::time_point until) {
    auto result = std::make_shared<driver>(std::move(what), count, until);
    system_->spawn([result](caf::event_based_actor* self) {
      result->next(self);
    });
    return result;
  }

  std::optional<lease_credential>
  take_lease(const client::mooring_actor& whom) {
    caf::scoped_actor self{*system_};
    std::optional<lease_credential> result;
    self->request(whom, 60s, acquire{})
      .receive(
        [&](const grant& x) {
          result = x.lease;
        },
        [](const caf::error&) {});
    return result;
  }

  ~client_side() {
    for (auto& x : moorings_)
      caf::anon_send(x, actors::goodbye{});
    moorings_.clear();
  }

private:
  uint16_t port_;
  std::shared_ptr<cdp::io_loop> loop_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::vector<client::mooring_actor> moorings_;
};

/// Room for so many, each with a lease and one that ends.
config room_for(size_t clients) {
  config result;
  result.admission.per_key = result.admission.global = clients;
  result.admission.tabs = 2 * clients;
  return result;
}

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
time_berth_calls(uint16_t port, lease_credential lease, size_t count) {
  client_side clients{port};
  auto x = clients.drive(
    asking<answer>(clients.moor(), evaluate{{lease, {}, {}}, "1"}), count,
    clock::time_point::max());
  x->ended.get_future().wait();
  return x->times;
}

std::vector<double>
time_renewals(uint16_t port, lease_credential lease, size_t count) {
  client_side clients{port};
  auto x
    = clients.drive(asking<duration>(clients.moor(), renew_lease{lease, {}}),
                    count, clock::time_point::max());
  x->ended.get_future().wait();
  return x->times;
}

namespace {

rate measure(const std::vector<std::shared_ptr<driver>>& all, duration time) {
  latencies each;
  size_t count = 0;
  for (const auto& x : all) {
    x->ended.get_future().wait();
    count += x->times.size();
    each.add(x->times);
  }
  auto seconds = std::chrono::duration<double>(time).count();
  return {static_cast<double>(count) / seconds, each};
}

} // namespace

outcome<lease_rates>
count_leases(size_t clients, duration time,
             const std::shared_ptr<journal::store>& journal) {
  chromeless daemon{room_for(clients), journal};
  if (daemon.port() == 0)
    return fail(errc::invalid_argument, "No port could be opened.");
  client_side side{daemon.port()};
  std::vector<client::mooring_actor> all;
  for (size_t i = 0; i < clients; ++i)
    all.push_back(side.moor());
  constexpr auto any = std::numeric_limits<size_t>::max();
  std::vector<std::shared_ptr<driver>> drivers;
  for (auto until = clock::now() + time; const auto& x : all)
    drivers.push_back(side.drive(leasing(x), any, until));
  lease_rates result;
  result.leases = measure(drivers, time);
  std::vector<step> renewals;
  for (const auto& x : all)
    if (auto lease = side.take_lease(x))
      renewals.push_back(asking<duration>(x, renew_lease{*lease, {}}));
  drivers.clear();
  for (auto until = clock::now() + time; auto& x : renewals)
    drivers.push_back(side.drive(std::move(x), any, until));
  result.renewals = measure(drivers, time);
  return result;
}

} // namespace berth::apps
