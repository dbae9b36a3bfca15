#include "protocol/session_queue.hpp"

#include <cassert>
#include <iterator>

namespace berth::protocol {

session_queue::session_queue(limits most) : most_{most} {
  // nop
}

bool session_queue::is_full(bool background) const {
  return size(background) >= most(background);
}

void session_queue::push(const run& x) {
  auto& where = x.background ? background_ : interactive_;
  [[maybe_unused]] auto fresh = where.insert(place_of(x)).second;
  assert(fresh);
}

void session_queue::erase(const run& x) {
  (x.background ? background_ : interactive_).erase(place_of(x));
}

std::optional<run_id> session_queue::front(timestamp now) const {
  for (auto where : {&interactive_, &background_})
    if (!where->empty())
      return where->begin()->due <= now ? std::optional{where->begin()->run}
                                        : std::nullopt;
  return std::nullopt;
}

uint64_t session_queue::ahead_of(const run& x) const {
  auto& where = x.background ? background_ : interactive_;
  auto result = std::distance(where.begin(), where.lower_bound(place_of(x)));
  return static_cast<uint64_t>(result)
         + (x.background ? interactive_.size() : 0);
}

std::optional<timestamp> session_queue::next_due() const {
  for (auto where : {&interactive_, &background_})
    if (!where->empty())
      return where->begin()->due;
  return std::nullopt;
}

size_t session_queue::size(bool background) const {
  return (background ? background_ : interactive_).size();
}

size_t session_queue::most(bool background) const {
  return background ? most_.background_max : most_.interactive_max;
}

session_queue::place session_queue::place_of(const run& x) {
  return {x.replaces ? timestamp::min() : x.due, x.id};
}

} // namespace berth::protocol
