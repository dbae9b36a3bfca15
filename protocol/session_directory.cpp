#include "protocol/session_directory.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace berth::protocol {

session_directory::session_directory(limits most, session_id last,
                                     std::set<session_id> open)
  : most_{most}, last_{last}, open_{std::move(open)} {
  if (!open_.empty())
    last_ = std::max(last_, *open_.rbegin());
}

outcome<session_id> session_directory::open() {
  if (open_.size() >= most_.sessions_max) {
    auto why = fail(errc::session_limit,
                    std::to_string(open_.size()) + " sessions are open.");
    why.active = open_.size();
    why.cap = most_.sessions_max;
    return why;
  }
  ++last_.value;
  open_.insert(last_);
  return last_;
}

outcome<session_id> session_directory::find(session_id named) const {
  if (open_.contains(named))
    return named;
  if (named)
    return unknown(named);
  if (open_.empty())
    return fail(errc::session_unknown, "No session is open.");
  if (open_.size() == 1)
    return *open_.begin();
  auto why = fail(errc::session_ambiguous,
                  std::to_string(open_.size()) + " sessions are open.");
  for (auto x : open_)
    why.candidates.push_back(x.value);
  return why;
}

failure session_directory::unknown(session_id which) {
  return fail(errc::session_unknown,
              "There is no session " + std::to_string(which.value) + ".");
}

void session_directory::close(session_id which) {
  open_.erase(which);
}

} // namespace berth::protocol
