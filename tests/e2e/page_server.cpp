#include "tests/e2e/page_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace berth::tests {

page_server::page_server(const std::string& page, const std::string& headers)
  : answer_{"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Cache-Control: no-store\r\nConnection: close\r\n"
            "Content-Length: "
            + std::to_string(page.size()) + "\r\n" + headers + "\r\n" + page},
    socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)},
    end_{::eventfd(0, EFD_CLOEXEC)} {
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0
      || ::listen(socket_, 64) != 0)
    throw std::runtime_error("no free port");
  socklen_t size = sizeof any;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size);
  port_ = ntohs(any.sin_port);
  thread_ = std::thread{[this] {
    serve();
  }};
}

page_server::~page_server() {
  ::eventfd_write(end_, 1);
  thread_.join();
  ::close(socket_);
  ::close(end_);
}

/// A browser opens connections that it may never use: none is waited for.
void page_server::serve() {
  std::vector<pollfd> all{{end_, POLLIN, 0}, {socket_, POLLIN, 0}};
  while (::poll(all.data(), all.size(), -1) > 0 && all[0].revents == 0) {
    std::vector<pollfd> next{{end_, POLLIN, 0}, {socket_, POLLIN, 0}};
    for (size_t i = 2; i < all.size(); ++i) {
      if (all[i].revents == 0) {
        next.push_back({all[i].fd, POLLIN, 0});
        continue;
      }
      char request[8192];
      if (::recv(all[i].fd, request, sizeof request, 0) > 0)
        ::send(all[i].fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      ::close(all[i].fd);
    }
    if (all[1].revents != 0)
      next.push_back(
        {::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
    all = std::move(next);
  }
  for (size_t i = 2; i < all.size(); ++i)
    ::close(all[i].fd);
}

} // namespace berth::tests
