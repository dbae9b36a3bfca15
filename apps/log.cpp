#include "apps/log.hpp"

#include "actors/log_health.hpp"
#include "cdp/transport/private_path.hpp"
#include "protocol/private_dir.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace berth::apps {

namespace {

using namespace protocol;

constexpr size_t log_lines_max = 512;

/// Beside spdlog's own, this one looks whether the line was written.
class stderr_sink final : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& x) override {
    spdlog::memory_buf_t text;
    formatter_->format(x, text);
    for (size_t done = 0; done < text.size();) {
      auto got = ::write(STDERR_FILENO, text.data() + done, text.size() - done);
      if (got > 0)
        done += static_cast<size_t>(got);
      else if (errno != EINTR) {
        actors::note_lost_line(std::strerror(errno));
        return;
      }
    }
  }

  void flush_() override {
    // nop: nothing is kept back.
  }
};

/// Why the log may not be there; empty: it may.
std::string objection_to(const std::string& path) {
  auto named = "The log '" + path + "' ";
  int file = cdp::open_private_log(path);
  if (file < 0)
    return named + "cannot be opened: " + std::strerror(errno) + ".";
  struct stat seen {};
  bool known = ::fstat(file, &seen) == 0;
  ::close(file);
  if (!known || seen.st_uid != ::geteuid())
    return named + "belongs to another user. Choose another path.";
  if ((seen.st_mode & 0077) != 0)
    return named + "is open to other users. If nobody else needs it: chmod 600 "
           + shell_word(path) + ".";
  return {};
}

/// One that fails is opened anew at the next line: the disk may have room
/// again.
class file_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit file_sink(log_settings how) : how_{std::move(how)} {
    // nop
  }

private:
  using file = spdlog::sinks::rotating_file_sink_st;

  void sink_it_(const spdlog::details::log_msg& x) override {
    try {
      if (!file_)
        file_ = std::make_unique<file>(how_.file, how_.size_max, how_.kept,
                                       false, checks());
      file_->log(x);
      file_->flush();
    } catch (const std::exception& failed) {
      file_.reset();
      actors::note_lost_line(failed.what());
    }
  }

  void flush_() override {
    // nop: each line is.
  }

  /// Each new one is made before spdlog would, with a mode of ours.
  static spdlog::file_event_handlers checks() {
    spdlog::file_event_handlers result;
    result.before_open = [](const std::string& path) {
      if (auto why = objection_to(path); !why.empty())
        throw spdlog::spdlog_ex{why};
    };
    return result;
  }

  log_settings how_;
  std::unique_ptr<file> file_;
};

} // namespace

outcome<void> open_log(const config& how) {
  spdlog::sink_ptr to = std::make_shared<stderr_sink>();
  if (!how.log.file.empty()) {
    if (auto why = objection_to(how.log.file); !why.empty())
      return fail(errc::invalid_argument, why);
    to = std::make_shared<file_sink>(how.log);
  }
  // Whoever reads the log may be slow, and must not stop anybody: the oldest
  // of so many lines give way.
  spdlog::init_thread_pool(log_lines_max, 1);
  spdlog::set_default_logger(std::make_shared<spdlog::async_logger>(
    "berth", std::move(to), spdlog::thread_pool(),
    spdlog::async_overflow_policy::overrun_oldest));
  spdlog::set_level(how.log_level == "warn"
                      ? spdlog::level::warn
                      : spdlog::level::from_str(how.log_level));
  return {};
}

} // namespace berth::apps
