// What a connection and its tabs have in common. Not for users.

#pragma once

#include "actors/errors.hpp"
#include "actors/remote/connection.hpp"
#include "actors/remote/engine.hpp"
#include "actors/remote/patience.hpp"

#include <map>
#include <mutex>

namespace berth::client {

/// Which of the leases are over, and why. Used from several threads.
class lost_leases {
public:
  void add(const words::lease_ref& lease, const words::failure& why);
  std::optional<words::failure> find(const words::lease_ref& lease) const;
  void forget(const words::lease_ref& lease);

private:
  mutable std::mutex mutex_;
  std::map<words::lease_ref, words::failure> reasons_;
};

/// Why there is no connection, if there is none. Used from several threads.
class link_state {
public:
  void set(const std::optional<words::failure>& broken);
  std::optional<words::failure> get() const;

private:
  mutable std::mutex mutex_;
  std::optional<words::failure> broken_;
};

/// Lives as long as the connection or one of its tabs.
struct connection::impl {
  impl(const settings& how, const std::optional<actors::secret_key>& key);
  ~impl();

  /// Asks the daemon, and blocks for the answer.
  template <class Answer, class Request>
  words::outcome<Answer> ask(Request what) {
    auto within = connect_within + patience(what) + way_max;
    return ask_within<Answer>(within, std::move(what));
  }

  template <class Answer, class Request>
  words::outcome<Answer> ask_within(words::duration within, Request what);

  /// Says goodbye. After this every request is answered with `client.gone`.
  void close();

  actors::client_secret secret = actors::make_secret();
  words::duration connect_within;
  actors::welcome welcome;
  std::shared_ptr<lost_leases> lost = std::make_shared<lost_leases>();
  std::shared_ptr<link_state> state = std::make_shared<link_state>();
  client::engine engine;
};

template <class Answer, class Request>
words::outcome<Answer>
connection::impl::ask_within(words::duration within, Request what) {
  using result_type = words::outcome<Answer>;
  std::future<result_type> answer;
  {
    // The errand has the only promise: if it is forgotten, we hear of that.
    auto result = std::make_shared<std::promise<result_type>>();
    answer = result->get_future();
    engine.run([=, mooring = engine.mooring()](clerk_actor::pointer clerk) {
      auto pending = clerk->request(mooring, within, what);
      auto failed = [result](caf::error& x) {
        result->set_value(actors::to_failure(x));
      };
      if constexpr (std::is_void_v<Answer>)
        pending.then(
          [result] {
            result->set_value({});
          },
          failed);
      else
        pending.then(
          [result](Answer& x) {
            result->set_value(std::move(x));
          },
          failed);
    });
  }
  try {
    return answer.get();
  } catch (const std::future_error&) {
    return words::fail(words::errc::client_gone, "the connection was closed");
  }
}

} // namespace berth::client
