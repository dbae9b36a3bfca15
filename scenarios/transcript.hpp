// What agents, faults, the journal and Chrome did last, for whoever has to
// understand a complaint. Silent unless it is switched on: a run is told when
// it is played again.

#pragma once

#include "protocol/types.hpp"

#include <string>
#include <vector>

namespace berth::scenarios {

class transcript {
public:
  explicit transcript(bool on) : on_{on} {
    // nop
  }

  bool on() const {
    return on_;
  }

  /// `words()` is only called if somebody listens. Lines may come in any
  /// order: what the journal and Chrome saw is looked at later.
  template <class Words>
  void tell(protocol::timestamp at, Words words) {
    if (on_)
      add(at, words());
  }

  /// The last lines in the order of their instants, as `  61.204s words`.
  std::string last(size_t most) const;

private:
  struct line {
    protocol::timestamp at;
    std::string words;
  };

  void add(protocol::timestamp at, std::string words);

  bool on_;
  std::vector<line> lines_;
};

} // namespace berth::scenarios
