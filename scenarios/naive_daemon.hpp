// No daemon at all: behind the door, every client acts for itself.

#pragma once

#include "tests/support/daemon.hpp"

namespace berth::scenarios {

class naive_daemon : public tests::quay {
public:
  naive_daemon(tests::world& where, const protocol::config& how);
};

} // namespace berth::scenarios
