// Where a swarm takes place: what its agents, its faults and its checks share.

#pragma once

#include "scenarios/transcript.hpp"
#include "tests/support/daemon.hpp"

#include <deque>

namespace berth::scenarios {

using namespace protocol;

class agent;

struct scene {
  tests::world& world;
  tests::quay& daemon;
  std::deque<agent>& agents;
  transcript& tale;

  /// Says what happens now, if anybody listens.
  template <class Words>
  void tell(Words words) const {
    tale.tell(world.now(), words);
  }
};

} // namespace berth::scenarios
