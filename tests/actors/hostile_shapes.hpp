// What no client of Berth sends, by the rule that it breaks. Each shape costs
// its peer the connection.

#pragma once

#include "tests/actors/wire_peer.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace berth::test {

struct shape {
  std::string what;
  std::function<void(wire_peer&)> play;
  bool shakes = true; ///< Its peer has said who it is before.
};

using shapes = std::vector<shape>;

/// A hello as a client writes it.
std::string greeting(const std::string& name, const std::string& watcher,
                     uint64_t secret = 1);

shapes before_a_handshake();
shapes frames_that_no_client_sends();
shapes watching_and_burying_others();
shapes speaking_to_actors_inside();
shapes words_of_caf_itself();
shapes answers_to_no_question();
shapes depth_and_breadth();

/// What may be said, and far too much of it; then something else.
shapes floods();

/// All of them, by their names.
const std::vector<std::pair<const char*, shapes>>& all_shapes();

} // namespace berth::test
