// A peer that speaks CAF's wire by hand, and need not keep to any rule.

#pragma once

#include "protocol/wire_gate.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <optional>
#include <poll.h>
#include <random>
#include <string>
#include <sys/socket.h>
#include <tuple>
#include <unistd.h>

namespace berth::test {

using protocol::atom_of;
using protocol::frame_header;
using protocol::frame_kind;

inline std::string number(uint64_t x, size_t size) {
  std::string result;
  while (size-- > 0)
    result += static_cast<char>(x >> 8 * size);
  return result;
}

inline std::string size_of(size_t x) {
  std::string result;
  for (; x > 0x7F; x >>= 7)
    result += static_cast<char>((x & 0x7F) | 0x80);
  return result + static_cast<char>(x);
}

inline std::string text(const std::string& x) {
  return size_of(x.size()) + x;
}

inline std::string atom(const char* x) {
  return number(atom_of(x), 8);
}

inline std::string node(uint32_t pid, const std::string& host) {
  return atom("default") + number(pid, 4) + host;
}

inline const std::string no_node = atom("");

inline std::string actor(uint64_t id, const std::string& node) {
  return number(id, 8) + node;
}

inline const std::string nobody = actor(0, no_node);

/// Of one value.
inline std::string message(const std::string& type, const std::string& body) {
  return number(0, 2) + text("@<>+" + type) + body;
}

inline std::string empty_message() {
  return number(0, 2) + text("@<>");
}

inline std::string error(uint8_t code, const char* category) {
  return number(code, 1) + atom(category) + empty_message();
}

inline constexpr uint64_t asked = uint64_t{1} << 60;
inline constexpr uint64_t answers = uint64_t{1} << 63;

class wire_peer {
public:
  explicit wire_peer(uint16_t port, bool shakes = true,
                     const std::string& who = {})
    : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    timeval within{30, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
      return;
    auto greeting = read_frame();
    if (!greeting)
      return;
    daemon = greeting->substr(0, 32);
    size_t at = 33;
    for (char left = (*greeting)[32]; left > 0; --left)
      at += 1 + static_cast<size_t>((*greeting)[at]);
    for (size_t i = 0; i < 8; ++i)
      gateway = gateway << 8 | static_cast<uint8_t>((*greeting)[at + i]);
    std::random_device source;
    name = who.empty() ? node(source(), std::string(20, 'h')) : who;
    if (shakes)
      send(frame_kind::client_handshake, name);
  }

  wire_peer(const wire_peer&) = delete;

  ~wire_peer() {
    ::close(fd_);
  }

  void send_raw(const std::string& bytes) {
    std::ignore = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  void send(frame_kind kind, const std::string& payload, uint64_t source = 0,
            uint64_t dest = 0, uint64_t data = 0, uint8_t flags = 0,
            std::optional<uint32_t> size = {}) {
    send_raw(number(static_cast<uint8_t>(kind), 1) + number(0, 2)
             + number(flags, 1)
             + number(size.value_or(static_cast<uint32_t>(payload.size())), 4)
             + number(data, 8) + number(source, 8) + number(dest, 8) + payload);
  }

  /// A message without stages.
  void tell(uint64_t dest, const std::string& what, uint64_t data = asked,
            uint64_t source = 9, uint8_t flags = 0) {
    send(frame_kind::message, std::string(1, '\0') + what, source, dest, data,
         flags);
  }

  /// Did the other side close it, in a time that no machine needs?
  bool is_closed(std::chrono::milliseconds within = std::chrono::seconds{30}) {
    for (auto until = std::chrono::steady_clock::now() + within;;) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
      pollfd waiting{fd_, POLLIN, 0};
      if (left.count() <= 0
          || ::poll(&waiting, 1, static_cast<int>(left.count())) != 1)
        return false;
      char bytes[4096];
      if (::recv(fd_, bytes, sizeof bytes, 0) <= 0)
        return true;
    }
  }

  /// The next answer to a request, of type and content; empty if none comes.
  protocol::message_head hear(std::string& into) {
    for (;;) {
      auto head = read(frame_header::size);
      auto frame = head ? protocol::read_header(*head) : frame_header{};
      auto payload = read(frame.payload);
      if (!head || !payload)
        return {};
      if (frame.kind != frame_kind::message || (frame.data & answers) == 0)
        continue;
      into = std::move(*payload);
      return protocol::read_message_head(into).value_or(
        protocol::message_head{});
    }
  }

  std::string daemon; ///< Its node.
  std::string name;   ///< Our own.
  uint64_t gateway = 0;

private:
  std::optional<std::string> read(size_t size) {
    std::string result(size, '\0');
    if (::recv(fd_, result.data(), size, MSG_WAITALL)
        != static_cast<ssize_t>(size))
      return std::nullopt;
    return result;
  }

  /// Its payload.
  std::optional<std::string> read_frame() {
    auto head = read(frame_header::size);
    if (!head)
      return std::nullopt;
    return read(protocol::read_header(*head).payload);
  }

  int fd_;
};

} // namespace berth::test
