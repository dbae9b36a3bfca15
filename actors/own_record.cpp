#include "actors/own_record.hpp"

namespace berth::actors {

bool own_record::starts() {
  std::lock_guard guard{mutex_};
  return where_.announce(written_);
}

bool own_record::serves(uint16_t port, const std::string& host,
                        const protocol::browser_view& chrome, uint64_t epoch) {
  std::lock_guard guard{mutex_};
  written_.port = port;
  written_.host = host;
  written_.browser = chrome.product;
  written_.chrome = to_string(chrome.state);
  written_.epoch = epoch;
  return where_.announce(written_);
}

void own_record::note(const protocol::browser_view& chrome, uint64_t epoch) {
  std::lock_guard guard{mutex_};
  auto now = written_;
  now.browser = chrome.product;
  now.chrome = to_string(chrome.state);
  now.epoch = epoch;
  // Whatever cleans up directories may have removed it.
  bool is_to_write = now != written_ || !where_.is_announced();
  if (now.port != 0 && is_to_write && where_.announce(now))
    written_ = now;
}

daemon_record own_record::written() const {
  std::lock_guard guard{mutex_};
  return written_;
}

} // namespace berth::actors
