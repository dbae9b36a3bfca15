#include "cdp/transport/pipe_link.hpp"

#include "cdp/message.hpp"

#include <algorithm>
#include <array>
#include <asio.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace berth::cdp {

namespace {

using std::chrono::steady_clock;

/// As much as a FIFO holds.
constexpr std::size_t read_at_once = std::size_t{64} << 10;

/// More than that need not wait here.
constexpr std::size_t full_at = std::size_t{64} << 10;

/// What of either end of a text says what it is.
constexpr std::size_t envelope_max = 128;

/// A process that went on all the time need not ask again whose Chrome it is.
constexpr std::chrono::milliseconds trusted_for{100};

std::string reason() {
  return std::strerror(errno);
}

class pipe_link : public chrome_link,
                  public std::enable_shared_from_this<pipe_link> {
public:
  pipe_link(std::shared_ptr<io_loop> loop, pipe_options how, events to)
    : loop_{std::move(loop)},
      how_{std::move(how)},
      to_{std::move(to)},
      in_{*static_cast<asio::io_context*>(loop_->context())},
      out_{*static_cast<asio::io_context*>(loop_->context())} {
    // nop
  }

  void start() {
    loop_->post([me = shared_from_this()] {
      me->open();
    });
  }

  void send(std::string text) override {
    loop_->run_soon(
      [me = shared_from_this(), text = std::move(text)]() mutable {
        me->put(std::move(text));
      });
  }

  bool is_full() const override {
    return unsent_ >= full_at;
  }

  void close() override {
    loop_->run_soon([me = shared_from_this()] {
      me->end("closed");
    });
  }

private:
  void open() {
    // Our own descriptions: Chrome's must not become non-blocking.
    int from = ::open(how_.names.from_chrome.c_str(),
                      O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (from < 0)
      return end("'" + how_.names.from_chrome + "': " + reason());
    in_.assign(from);
    int to = ::open(how_.names.to_chrome.c_str(),
                    O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (to < 0)
      return end(errno == ENXIO
                   ? "Chrome does not read its commands"
                   : "'" + how_.names.to_chrome + "': " + reason());
    out_.assign(to);
    open_ = true;
    read();
    if (to_.opened)
      to_.opened();
  }

  bool may_use() {
    auto now = steady_clock::now();
    if (now - std::exchange(asked_, now) > trusted_for && how_.ours
        && !how_.ours()) {
      end("Chrome is another daemon's now");
      return false;
    }
    return true;
  }

  void read() {
    in_.async_wait(asio::posix::descriptor_base::wait_read,
                   [me = shared_from_this()](const asio::error_code& failed) {
                     if (!failed && me->open_ && me->may_use())
                       me->take();
                   });
  }

  void take() {
    auto size = ::read(in_.native_handle(), buffer_.data(), buffer_.size());
    if (size == 0)
      return end("Chrome has closed it");
    if (size < 0 && errno != EAGAIN && errno != EINTR)
      return end(reason());
    if (size > 0 && !split({buffer_.data(), static_cast<std::size_t>(size)}))
      return;
    read();
  }

  /// False once the link is closed, maybe by whoever heard a text.
  bool split(std::string_view bytes) {
    for (;;) {
      auto end_of_text = bytes.find('\0');
      take_part(bytes.substr(0, end_of_text));
      if (end_of_text == std::string_view::npos)
        return true;
      bytes.remove_prefix(end_of_text + 1);
      auto text = std::exchange(text_, {});
      auto size = std::exchange(size_, 0);
      bool dropped = false;
      if (std::exchange(too_large_, false)) {
        text = answer_too_large(text, how_.message_max);
        dropped = text.empty();
      }
      if (!dropped)
        to_.heard(std::move(text), size);
      if (!open_)
        return false;
    }
  }

  /// Of a text that is too large the ends are kept, which say whose it is.
  void take_part(std::string_view part) {
    size_ += part.size();
    if (!too_large_ && text_.size() + part.size() > how_.message_max) {
      too_large_ = true;
      text_.resize(std::min(text_.size(), envelope_max));
      text_.shrink_to_fit();
    }
    if (!too_large_) {
      text_.append(part);
      return;
    }
    if (text_.size() < envelope_max) {
      auto more = part.substr(0, envelope_max - text_.size());
      text_.append(more);
      part.remove_prefix(more.size());
    }
    text_.append(
      part.substr(part.size() - std::min(part.size(), envelope_max)));
    if (text_.size() > 2 * envelope_max)
      text_.erase(envelope_max, text_.size() - 2 * envelope_max);
  }

  void put(std::string text) {
    if (!open_)
      return;
    unsent_ += text.size() + 1;
    queue_.push_back(std::move(text));
    if (!writing_)
      write();
  }

  /// What fits, at once; the rest when Chrome has read some.
  void write() {
    writing_ = false;
    while (!queue_.empty()) {
      if (!may_use())
        return;
      // The NUL that ends a text is the one behind a string's last character.
      auto& text = queue_.front();
      auto size = ::write(out_.native_handle(), text.c_str() + written_,
                          text.size() + 1 - written_);
      if (size < 0 && errno == EINTR)
        continue;
      if (size < 0 && errno != EAGAIN)
        return end(reason());
      written_ += size < 0 ? 0 : static_cast<std::size_t>(size);
      if (written_ <= text.size())
        return await_room();
      unsent_ -= text.size() + 1;
      written_ = 0;
      queue_.pop_front();
    }
  }

  void await_room() {
    writing_ = true;
    out_.async_wait(asio::posix::descriptor_base::wait_write,
                    [me = shared_from_this()](const asio::error_code& failed) {
                      if (failed || !me->open_)
                        return;
                      me->write();
                      if (me->queue_.empty() && me->to_.drained)
                        me->to_.drained();
                    });
  }

  void end(const std::string& why) {
    open_ = false;
    asio::error_code unseen;
    in_.close(unseen);
    out_.close(unseen);
    queue_.clear();
    auto to = std::exchange(to_, {});
    if (to.closed)
      to.closed(why);
  }

  std::shared_ptr<io_loop> loop_;
  pipe_options how_;
  events to_;
  asio::posix::stream_descriptor in_;
  asio::posix::stream_descriptor out_;
  bool open_ = false;
  steady_clock::time_point asked_; ///< When the Chrome was ours last.
  std::array<char, read_at_once> buffer_;
  std::string text_;       ///< The beginning of one,
  bool too_large_ = false; ///< or both of its ends.
  std::size_t size_ = 0;   ///< Of it so far.
  std::deque<std::string> queue_;
  std::size_t written_ = 0; ///< Of the first of the queue.
  std::size_t unsent_ = 0;  ///< Bytes of the queue, each with its NUL.
  bool writing_ = false;    ///< Waits until there is room.
};

} // namespace

std::shared_ptr<chrome_link>
open_pipes(std::shared_ptr<io_loop> loop, pipe_options how,
           chrome_link::events to) {
  auto result = std::make_shared<pipe_link>(std::move(loop), std::move(how),
                                            std::move(to));
  result->start();
  return result;
}

std::string make_pipes(const pipe_names& names) {
  for (const auto& name : {names.to_chrome, names.from_chrome}) {
    ::unlink(name.c_str());
    if (::mkfifo(name.c_str(), 0600) != 0)
      return "The pipe '" + name + "' cannot be made: " + reason() + ".";
  }
  return {};
}

bool is_read(const pipe_names& names) {
  int to = ::open(names.to_chrome.c_str(),
                  O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  struct stat what {};
  bool result = to >= 0 && ::fstat(to, &what) == 0 && S_ISFIFO(what.st_mode);
  if (to >= 0)
    ::close(to);
  return result;
}

} // namespace berth::cdp
