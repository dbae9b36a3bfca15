// Serves one page at every address of one port.

#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace berth::tests {

class page_server {
public:
  /// @param headers Of its answer, beside the usual ones; each ends with CRLF.
  explicit page_server(const std::string& page, const std::string& headers
                                                = {});
  ~page_server();
  page_server(const page_server&) = delete;
  page_server& operator=(const page_server&) = delete;

  /// `http://127.0.0.1:port`
  std::string origin() const {
    return "http://127.0.0.1:" + std::to_string(port_);
  }

private:
  void serve();

  std::string answer_;
  int socket_;
  int end_; ///< Readable when it is to end.
  uint16_t port_ = 0;
  std::thread thread_;
};

} // namespace berth::tests
