#include "actors/daemon_record.hpp"

#include "cdp/read_json.hpp"
#include "cdp/transport/private_path.hpp"
#include "cdp/transport/proc.hpp"

#include <chrono>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace berth {

using namespace protocol;

std::optional<daemon_record> find_daemon(const std::string& state_dir) {
  auto result = actors::read_record(state_dir);
  if (!result || result->port == 0
      || actors::fate_of(*result) == process_fate::gone
      || !actors::is_of_this_boot(*result))
    return std::nullopt; // Somebody else may listen there by now.
  return result;
}

namespace actors {

namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "/daemon.json";
constexpr double exact_max = 9007199254740992; ///< 2^53: beyond, some are not.

std::string read_file(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream{path}.rdbuf();
  return result.str();
}

/// Within it a pid means one process: this boot, this pid namespace.
std::string this_place() {
  std::error_code unseen;
  auto boot = read_file("/proc/sys/kernel/random/boot_id");
  return boot.substr(0, boot.find('\n')) + " "
         + fs::read_symlink("/proc/self/ns/pid", unseen).string();
}

/// A record that was copied with its directory tells of another one's daemon.
std::string name_of_directory(const std::string& path) {
  struct stat seen {};
  return ::stat(path.c_str(), &seen) == 0 ? std::to_string(seen.st_ino) : "";
}

template <class Number>
std::optional<Number> number(const nlohmann::json& from, const char* key) {
  auto x = cdp::number_in(from, key);
  if (x < 0 || x > exact_max
      || x > static_cast<double>(std::numeric_limits<Number>::max()))
    return std::nullopt;
  return static_cast<Number>(x);
}

} // namespace

daemon_record describe_self() {
  daemon_record result;
  result.pid = ::getpid();
  result.process = cdp::identify(::getpid());
  result.place = this_place();
  result.since
    = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  result.chrome = to_string(browser_health::starting);
  return result;
}

std::optional<daemon_record>
read_record(const std::string& state_dir, const char* file) {
  auto text = cdp::read_object(cdp::read_private(state_dir + file));
  auto pid = number<pid_t>(text, "pid");
  auto port = number<uint16_t>(text, "port");
  auto epoch = number<uint64_t>(text, "epoch");
  auto since = number<int64_t>(text, "since");
  if (!pid || *pid == 0 || !port || !epoch || !since)
    return std::nullopt;
  if (auto of = cdp::text_in(text, "directory");
      !of.empty() && of != name_of_directory(state_dir))
    return std::nullopt;
  std::map<std::string, std::string> settings;
  if (auto all = text.find("settings"); all != text.end() && all->is_object())
    for (const auto& [name, value] : all->items())
      if (value.is_string())
        settings.emplace(name, value.get<std::string>());
  return daemon_record{*pid,
                       *port,
                       cdp::text_in(text, "host"),
                       cdp::text_in(text, "process"),
                       cdp::text_in(text, "place"),
                       *epoch,
                       *since,
                       cdp::text_in(text, "chrome"),
                       cdp::text_in(text, "browser"),
                       std::move(settings)};
}

bool write_record(const std::string& state_dir, const daemon_record& x) {
  nlohmann::json text{{"pid", x.pid},
                      {"port", x.port},
                      {"host", x.host},
                      {"process", x.process},
                      {"place", x.place},
                      {"epoch", x.epoch},
                      {"since", x.since},
                      {"chrome", x.chrome},
                      {"browser", x.browser},
                      {"settings", x.settings},
                      {"directory", name_of_directory(state_dir)}};
  return cdp::replace_private(state_dir + file_name, text.dump() + "\n");
}

process_fate fate_of(const daemon_record& x) {
  if (x.place != this_place())
    return process_fate::unknown;
  auto now = cdp::identify(static_cast<pid_t>(x.pid));
  return !now.empty() && now == x.process ? process_fate::lives
                                          : process_fate::gone;
}

bool is_of_this_boot(const daemon_record& x) {
  auto here = this_place();
  return x.place.substr(0, x.place.find(' ')) == here.substr(0, here.find(' '));
}

std::string describe(const daemon_record& x) {
  char when[32] = "";
  auto since = static_cast<std::time_t>(x.since);
  std::tm local{};
  ::localtime_r(&since, &local);
  std::strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &local);
  return "process " + std::to_string(x.pid) + ", since " + when;
}

} // namespace actors
} // namespace berth
