#include "apps/agent/driver.hpp"

#include <optional>

namespace berth::apps {

namespace {

using namespace protocol;

outcome<void> without_value(const outcome<answer>& x) {
  if (!x)
    return x.error();
  return {};
}

class by_library : public driver {
public:
  by_library(client::connection& daemon, std::string key)
    : daemon_{daemon}, key_{std::move(key)} {
    // nop
  }

  outcome<lease_ref> take(duration wait) override {
    acquire what;
    what.key = {key_};
    what.wait = wait;
    auto got = daemon_.acquire(what);
    if (!got)
      return got.error();
    tab_.emplace(std::move(*got));
    return tab_->lease().ref;
  }

  outcome<void> open(const std::string& url) override {
    return without_value(tab_->navigate(url));
  }

  outcome<std::string> evaluate(const std::string& expression) override {
    auto got = tab_->evaluate(expression);
    if (!got)
      return got.error();
    return std::move(got->value);
  }

  outcome<void> recover() override {
    return without_value(tab_->recover());
  }

  outcome<void> give_back() override {
    auto result = tab_->release();
    tab_.reset();
    return result;
  }

private:
  client::connection& daemon_;
  std::string key_;
  std::optional<client::tab> tab_;
};

} // namespace

std::unique_ptr<driver>
library_driver(client::connection& daemon, std::string key) {
  return std::make_unique<by_library>(daemon, std::move(key));
}

} // namespace berth::apps
