// What is to go wrong with Chrome's next answers, by the method asked for.

#pragma once

#include "protocol/types.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace berth::tests {

struct answer_fault {
  enum class kind { late, never, twice, dies_before, dies_after };

  std::string method;
  kind how{};
  duration by{}; ///< Of a late one.
  size_t left = 1;
};

class answer_faults {
public:
  void add(answer_fault x) {
    waiting_.push_back(std::move(x));
  }

  /// What befalls this answer, if anything does.
  std::optional<answer_fault> take(const std::string& method) {
    auto i = std::ranges::find(waiting_, method, &answer_fault::method);
    if (i == waiting_.end())
      return std::nullopt;
    auto result = *i;
    if (--i->left == 0)
      waiting_.erase(i);
    return result;
  }

  void heal() {
    waiting_.clear();
  }

private:
  std::vector<answer_fault> waiting_;
};

} // namespace berth::tests
