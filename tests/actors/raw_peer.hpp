#pragma once

#include <arpa/inet.h>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace berth::test {

/// A peer that need not follow any protocol.
class raw_peer {
public:
  explicit raw_peer(uint16_t port)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto address = reinterpret_cast<sockaddr*>(&where);
    connected_ = ::connect(fd_, address, sizeof where) == 0;
  }

  raw_peer(raw_peer&& x) noexcept
    : fd_(std::exchange(x.fd_, -1)), connected_(x.connected_) {
    // nop
  }

  raw_peer(const raw_peer&) = delete;

  ~raw_peer() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  bool connected() const {
    return connected_;
  }

  void send(const std::string& bytes) {
    // It may be closed already: that is what is tested.
    std::ignore = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  /// What comes until the other side closes; none if it does not.
  std::optional<std::string> read_to_end() {
    std::string result;
    for (;;) {
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, answer_within) != 1)
        return std::nullopt;
      char bytes[4096];
      auto size = ::recv(fd_, bytes, sizeof bytes, 0);
      if (size <= 0)
        return result;
      result.append(bytes, static_cast<size_t>(size));
    }
  }

private:
  static constexpr int answer_within = 30'000; ///< Milliseconds.

  int fd_;
  bool connected_ = false;
};

} // namespace berth::test
