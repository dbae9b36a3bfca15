#include "apps/agent/driver.hpp"
#include "apps/agent/line.hpp"
#include "apps/processes.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

using namespace protocol;
using nlohmann::json;

class by_shell : public driver {
public:
  by_shell(std::vector<std::string> berth, std::string key, duration ttl)
    : berth_{std::move(berth)}, key_{std::move(key)}, ttl_{ttl} {
    // nop
  }

  outcome<lease_ref> take(duration wait) override {
    std::vector<std::string> arguments{"lease", "acquire", "--key",
                                       key_,    "--ttl",   to_string(ttl_)};
    if (wait > duration{0})
      arguments.insert(arguments.end(), {"--wait", to_string(wait)});
    auto got = run(arguments);
    if (!got)
      return got.error();
    auto lease = parse_credential(got->value("lease", ""));
    if (!lease)
      return fail(errc::internal, "acquire answered without a credential");
    // Not on a command line: everybody could read it there. This process has
    // no thread but this one.
    ::setenv("BERTH_LEASE", write_credential(*lease).c_str(), 1);
    name_ = to_string(lease->ref);
    return lease->ref;
  }

  outcome<void> open(const std::string& url) override {
    return done(run({"open", "-l", name_, url}));
  }

  outcome<std::string> evaluate(const std::string& expression) override {
    auto got = run({"eval", expression});
    if (!got)
      return got.error();
    return got->value("value", json{}).dump();
  }

  outcome<void> recover() override {
    return done(run({"lease", "recover"}));
  }

  outcome<void> give_back() override {
    return done(run({"lease", "release"}));
  }

private:
  static outcome<void> done(const outcome<json>& x) {
    if (!x)
      return x.error();
    return {};
  }

  /// Runs the program to its end; its one line is the answer.
  outcome<json> run(const std::vector<std::string>& arguments) {
    auto argv = berth_;
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    // In our own group: whoever signals us signals the command, too.
    processes command{false};
    if (command.start(argv) < 0)
      return fail(errc::internal, argv[0] + " cannot be started");
    std::string said;
    while (command.running() > 0)
      for (auto& x : command.listen(std::chrono::seconds{1}))
        said += x.line;
    auto result = json::parse(said, nullptr, false);
    if (auto why = parse_failure(result))
      return *why;
    if (!result.is_object())
      return fail(errc::internal,
                  "berth " + arguments[0] + " answered '" + said + "'");
    return result;
  }

  std::vector<std::string> berth_;
  std::string key_;
  duration ttl_;
  std::string name_; ///< Of its lease.
};

} // namespace

std::unique_ptr<driver>
shell_driver(std::vector<std::string> berth, std::string key, duration ttl) {
  return std::make_unique<by_shell>(std::move(berth), std::move(key), ttl);
}

} // namespace berth::apps
