#include "protocol/journal_room.hpp"

#include <algorithm>

namespace berth::protocol {

namespace {

constexpr size_t of_a_row = 256; ///< Without its long texts.

size_t texts_of(const lease&) {
  return 0;
}

size_t texts_of(const session_row&) {
  return 0;
}

size_t texts_of(const session_run& x) {
  return x.run.what.text.size() + x.run.answer.size();
}

} // namespace

size_t weight_of(const journal_entry& x) {
  size_t result = of_a_row * (x.what.size() + x.rows.size());
  for (const auto& event : x.what)
    result += event.detail.size();
  for (const auto& row : x.rows)
    result += std::visit(
      [](const auto& it) {
        return texts_of(it);
      },
      row);
  return result;
}

void journal_room::refused(size_t weight, timestamp now, duration wait) {
  least_ = is_short(now) ? std::min(least_, weight) : weight;
  until_ = now + wait;
}

} // namespace berth::protocol
