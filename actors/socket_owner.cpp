#include "actors/socket_owner.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

namespace berth::actors {

namespace {

struct endpoint {
  std::array<uint32_t, 4> address{}; ///< In network byte order.
  uint16_t port = 0;                 ///< The same.
};

struct ends {
  int family = 0;
  endpoint theirs;
  endpoint ours;
};

/// IPv4 in IPv6 is IPv4.
std::optional<std::pair<int, endpoint>> read(const sockaddr_storage& from) {
  endpoint result;
  if (from.ss_family == AF_INET) {
    auto& x = reinterpret_cast<const sockaddr_in&>(from);
    result.address[0] = x.sin_addr.s_addr;
    result.port = x.sin_port;
    return std::pair{AF_INET, result};
  }
  if (from.ss_family != AF_INET6)
    return std::nullopt;
  auto& x = reinterpret_cast<const sockaddr_in6&>(from);
  std::memcpy(result.address.data(), &x.sin6_addr, 16);
  result.port = x.sin6_port;
  if (!IN6_IS_ADDR_V4MAPPED(&x.sin6_addr))
    return std::pair{AF_INET6, result};
  result.address = {result.address[3], 0, 0, 0};
  return std::pair{AF_INET, result};
}

bool is_loopback(int family, const endpoint& x) {
  if (family == AF_INET)
    return ntohl(x.address[0]) >> 24 == 127;
  return x.address == std::array<uint32_t, 4>{0, 0, 0, htonl(1)};
}

std::optional<ends> ends_of(int connected) {
  sockaddr_storage theirs{};
  sockaddr_storage ours{};
  socklen_t size = sizeof theirs;
  if (::getpeername(connected, reinterpret_cast<sockaddr*>(&theirs), &size))
    return std::nullopt;
  size = sizeof ours;
  if (::getsockname(connected, reinterpret_cast<sockaddr*>(&ours), &size))
    return std::nullopt;
  auto them = read(theirs);
  auto us = read(ours);
  if (!them || !us || !is_loopback(them->first, them->second)
      || !is_loopback(us->first, us->second))
    return std::nullopt;
  return ends{them->first, them->second, us->second};
}

struct question {
  nlmsghdr head;
  inet_diag_req_v2 what;
};

struct found_socket {
  bool asked = false; ///< The kernel knows the question.
  std::optional<peer> owner;
};

/// In a user namespace all users that it does not know have this uid: it tells
/// of nobody who they are.
std::optional<uint32_t> read_unmapped_uid() {
  uint64_t inside = 0;
  uint64_t outside = 0;
  uint64_t count = 0;
  std::ifstream map{"/proc/self/uid_map"};
  constexpr uint64_t everybody = 0xFFFFFFFF;
  if (map >> inside >> outside >> count && count == everybody)
    return std::nullopt;
  uint32_t result = 65534;
  std::ifstream{"/proc/sys/kernel/overflowuid"} >> result;
  return result;
}

bool is_somebody(uint32_t uid) {
  static const auto unmapped = read_unmapped_uid();
  return uid != unmapped;
}

/// A socket that was closed has no inode any more, and is said to be root's.
found_socket read_answer(const char* bytes, size_t size, uint8_t state) {
  found_socket result;
  nlmsghdr head{};
  if (size < sizeof head)
    return result;
  std::memcpy(&head, bytes, sizeof head);
  if (head.nlmsg_type == NLMSG_ERROR) {
    nlmsgerr why{};
    if (size >= NLMSG_HDRLEN + sizeof why)
      std::memcpy(&why, bytes + NLMSG_HDRLEN, sizeof why);
    result.asked = why.error == -ENOENT;
    return result;
  }
  inet_diag_msg told{};
  if (head.nlmsg_type != SOCK_DIAG_BY_FAMILY
      || size < NLMSG_HDRLEN + sizeof told)
    return result;
  std::memcpy(&told, bytes + NLMSG_HDRLEN, sizeof told);
  result.asked = true;
  if (told.idiag_state == state && told.idiag_inode != 0
      && is_somebody(told.idiag_uid))
    result.owner = peer{told.idiag_uid, told.idiag_inode};
  return result;
}

/// @param x For one that listens, without a port of ours.
found_socket ask_kernel(const ends& x, uint8_t state) {
  int link = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (link < 0)
    return {};
  timeval patience{1, 0};
  ::setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  question q{};
  q.head.nlmsg_len = sizeof q;
  q.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  q.head.nlmsg_flags = NLM_F_REQUEST;
  q.what.sdiag_family = static_cast<uint8_t>(x.family);
  q.what.sdiag_protocol = IPPROTO_TCP;
  q.what.idiag_states = ~0u;
  q.what.id.idiag_sport = x.theirs.port;
  q.what.id.idiag_dport = x.ours.port;
  std::memcpy(q.what.id.idiag_src, x.theirs.address.data(), 16);
  std::memcpy(q.what.id.idiag_dst, x.ours.address.data(), 16);
  q.what.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  q.what.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  found_socket result;
  char answer[4096];
  if (::send(link, &q, sizeof q, 0) == sizeof q)
    if (auto size = ::recv(link, answer, sizeof answer, 0); size > 0)
      result = read_answer(answer, static_cast<size_t>(size), state);
  ::close(link);
  return result;
}

/// `0100007F:1F90`: each word as this machine has it in memory.
std::string as_proc(const endpoint& x, bool v6) {
  char text[48];
  auto& a = x.address;
  if (v6)
    std::snprintf(text, sizeof text, "%08X%08X%08X%08X:%04X", a[0], a[1], a[2],
                  a[3], ntohs(x.port));
  else
    std::snprintf(text, sizeof text, "%08X:%04X", a[0], ntohs(x.port));
  return text;
}

endpoint mapped(endpoint x) {
  x.address = {0, 0, htonl(0xFFFF), x.address[0]};
  return x;
}

constexpr auto established = "01";
constexpr auto listening = "0A";

std::optional<peer>
look_up(const char* table, const std::string& theirs, const std::string& ours,
        const std::string& wanted = established) {
  std::ifstream in{table};
  std::string number;
  std::string local;
  std::string remote;
  std::string state;
  std::string skipped;
  std::string rest;
  std::getline(in, rest); // Names of the columns.
  while (in >> number >> local >> remote >> state) {
    uint32_t uid = 0;
    uint64_t inode = 0;
    in >> skipped >> skipped >> skipped >> uid >> skipped >> inode;
    std::getline(in, rest);
    if (local == theirs && remote == ours && state == wanted && inode != 0
        && is_somebody(uid))
      return peer{uid, inode};
  }
  return std::nullopt;
}

std::optional<peer> listener_by_proc(const ends& x) {
  bool v6 = x.family == AF_INET6;
  endpoint anywhere;
  anywhere.port = x.theirs.port;
  for (const auto& where : {x.theirs, anywhere})
    if (auto found = look_up(v6 ? "/proc/net/tcp6" : "/proc/net/tcp",
                             as_proc(where, v6), as_proc({}, v6), listening))
      return found;
  return look_up("/proc/net/tcp6", as_proc(anywhere, true), as_proc({}, true),
                 listening);
}

server server_in(const std::optional<peer>& found) {
  server result{true, {}};
  if (found)
    result.uid = found->uid;
  return result;
}

} // namespace

std::optional<peer> owner_of_peer_by_proc(int connected) {
  auto x = ends_of(connected);
  if (!x)
    return std::nullopt;
  if (x->family == AF_INET6)
    return look_up("/proc/net/tcp6", as_proc(x->theirs, true),
                   as_proc(x->ours, true));
  if (auto found = look_up("/proc/net/tcp", as_proc(x->theirs, false),
                           as_proc(x->ours, false)))
    return found;
  return look_up("/proc/net/tcp6", as_proc(mapped(x->theirs), true),
                 as_proc(mapped(x->ours), true));
}

std::optional<peer> owner_of_peer(int connected) {
  auto x = ends_of(connected);
  if (!x)
    return std::nullopt;
  auto found = ask_kernel(*x, TCP_ESTABLISHED);
  return found.asked ? found.owner : owner_of_peer_by_proc(connected);
}

server server_of_by_proc(int connected) {
  auto x = ends_of(connected);
  if (!x)
    return {};
  auto accepted = owner_of_peer_by_proc(connected);
  return server_in(accepted ? accepted : listener_by_proc(*x));
}

server server_of(int connected) {
  auto x = ends_of(connected);
  if (!x)
    return {};
  auto accepted = ask_kernel(*x, TCP_ESTABLISHED);
  if (!accepted.asked)
    return server_of_by_proc(connected);
  if (accepted.owner)
    return server_in(accepted.owner);
  x->ours = {};
  return server_in(ask_kernel(*x, TCP_LISTEN).owner);
}

} // namespace berth::actors
