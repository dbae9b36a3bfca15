#include "actors/cdp_calls.hpp"

#include "cdp/message.hpp"

#include <atomic>

namespace berth::actors {

using namespace protocol;

namespace {

/// Calls that are remembered though nobody waits for them any more.
constexpr size_t overdue_max = 64;

} // namespace

struct call_ids::counter {
  std::atomic<uint32_t> last{0};
};

call_ids::call_ids() : counter_{std::make_shared<counter>()} {
  // nop
}

uint64_t call_ids::next() {
  // Below 2^30: larger ids are left to those who share a client's connection.
  constexpr uint32_t ids_max = uint32_t{1} << 30;
  return counter_->last.fetch_add(1, std::memory_order_relaxed) % (ids_max - 1)
         + 1;
}

void cdp_calls::connect(std::shared_ptr<cdp::chrome> link, call_ids ids) {
  assert(table_.size() == 0);
  link_ = std::move(link);
  ids_ = std::move(ids);
}

void cdp_calls::send(const command& what, continuation then,
                     continuation late) {
  if (!link_) {
    then({nullptr, fail(errc::browser_unavailable,
                        "There is no connection to the browser.")});
    return;
  }
  auto id = ids_.next();
  table_.open(id,
              {id, std::string{what.method}, std::move(then), std::move(late)},
              what.deadline);
  auto text = cdp::write_command(id, what.method, what.params, what.session);
  if (what.in_turn)
    link_->send_in_turn(std::move(text));
  else
    link_->send(std::move(text));
}

bool cdp_calls::take_back(uint64_t id) {
  return link_ && link_->take_back(id);
}

void cdp_calls::tell(std::string_view method, std::string_view params,
                     std::string_view session) {
  if (link_)
    link_->send(cdp::write_command(ids_.next(), method, params, session));
}

void cdp_calls::hear(const cdp::frame_ptr& answer) {
  auto whose = table_.close(answer->head.id);
  if (!whose) {
    if (auto late = overdue_.extract(answer->head.id))
      late.mapped()({answer, {}});
    return;
  }
  reply result{answer, {}};
  if (!answer->head.error.empty()) {
    auto [code, message] = cdp::read_error(answer->head.error);
    result.why = fail(errc::cdp_error, whose->method + ": " + message + " ("
                                         + std::to_string(code) + ")");
  }
  whose->then(result);
}

void cdp_calls::expire(timestamp now) {
  for (auto& x : table_.expire(now)) {
    bool sent = !take_back(x.id);
    if (x.late && sent)
      overdue_.emplace(x.id, std::move(x.late));
    if (overdue_.size() > overdue_max)
      overdue_.erase(overdue_.begin());
    auto what = sent ? "Chrome did not answer " + x.method + " in time."
                     : x.method
                         + " was not sent to Chrome: until the deadline other "
                           "commands were before it.";
    x.then({nullptr, fail(errc::deadline_exceeded, std::move(what)), sent});
  }
}

void cdp_calls::abandon(const failure& why) {
  overdue_.clear();
  for (auto& lost : table_.abandon()) {
    bool sent = !take_back(lost.id);
    lost.then({nullptr, why, sent});
  }
}

} // namespace berth::actors
