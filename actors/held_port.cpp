#include "actors/held_port.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace berth::actors {

using namespace protocol;

namespace {

/// None of these: then it is said as the system says it.
std::string explain(int code, const std::string& host, uint16_t port) {
  auto what = "Port " + std::to_string(port) + " on " + host + " ";
  switch (code) {
    case EADDRINUSE:
      return what
             + "is taken by another program. Choose another one, or any free "
               "one: --door.port 0.";
    case EACCES:
    case EPERM:
      return what
             + "may not be opened by this user. Choose one above 1023, or any "
               "free one: --door.port 0.";
    case EADDRNOTAVAIL:
      return "'" + host
             + "' is not an address of this machine. Choose another door.host; "
               "127.0.0.1 is always there.";
    default:
      return what + "cannot be opened: " + std::strerror(code) + ".";
  }
}

uint16_t port_of(int socket) {
  sockaddr_storage where{};
  socklen_t size = sizeof where;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    return 0;
  return ntohs(where.ss_family == AF_INET6
                 ? reinterpret_cast<sockaddr_in6&>(where).sin6_port
                 : reinterpret_cast<sockaddr_in&>(where).sin_port);
}

/// The socket, or -1 and `errno`.
int listen_at(const addrinfo& where) {
  int made = ::socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC,
                      where.ai_protocol);
  int yes = 1;
  if (made < 0)
    return made;
  // Else connections of the last daemon would keep us from its port a while.
  ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(made, where.ai_addr, where.ai_addrlen) == 0
      && ::listen(made, SOMAXCONN) == 0)
    return made;
  int why = errno;
  ::close(made);
  errno = why;
  return -1;
}

} // namespace

outcome<held_port> held_port::take(const std::string& host, uint16_t port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  if (int code = ::getaddrinfo(host.empty() ? nullptr : host.c_str(),
                               std::to_string(port).c_str(), &hints, &found);
      code != 0)
    return fail(errc::invalid_argument,
                "door.host '" + host
                  + "' cannot be resolved: " + ::gai_strerror(code) + ".");
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all{found,
                                                           &::freeaddrinfo};
  int why = EADDRNOTAVAIL;
  for (auto x = found; x != nullptr; x = x->ai_next) {
    if (int made = listen_at(*x); made >= 0)
      return held_port{made, port_of(made)};
    why = errno;
  }
  return fail(errc::invalid_argument, explain(why, host, port));
}

held_port::held_port(held_port&& other) noexcept
  : socket_{std::exchange(other.socket_, -1)}, port_{other.port_} {
  // nop
}

held_port& held_port::operator=(held_port&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(port_, other.port_);
  return *this;
}

held_port::~held_port() {
  if (socket_ >= 0)
    ::close(socket_);
}

int held_port::release() {
  return std::exchange(socket_, -1);
}

} // namespace berth::actors
