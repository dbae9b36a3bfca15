#include "cdp/call_params.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace berth::cdp {

namespace {

using namespace protocol;
using nlohmann::json;

/// Looks at a text before anything is made of it, and stops where it must not
/// go on. Invariant: `keys_` has a set for each object or array that is open.
class inspector : public nlohmann::json_sax<json> {
public:
  std::optional<failure> why;

  bool null() override {
    return value();
  }

  bool boolean(bool) override {
    return value();
  }

  bool number_integer(number_integer_t) override {
    return value();
  }

  bool number_unsigned(number_unsigned_t) override {
    return value();
  }

  bool number_float(number_float_t, const string_t&) override {
    return value();
  }

  bool string(string_t&) override {
    return value();
  }

  bool binary(binary_t&) override {
    return value();
  }

  bool start_object(size_t) override {
    return open();
  }

  bool end_object() override {
    keys_.pop_back();
    return true;
  }

  bool start_array(size_t) override {
    return !keys_.empty() ? open() : no_object();
  }

  bool end_array() override {
    keys_.pop_back();
    return true;
  }

  bool key(string_t& name) override {
    if (!keys_.back().insert(name).second)
      return stop(errc::invalid_argument,
                  "'params' has the key '" + name.substr(0, 100) + "' twice.");
    return value();
  }

  bool
  parse_error(size_t at, const std::string&, const json::exception&) override {
    return stop(errc::invalid_argument, "'params' is not a JSON object: it "
                                        "cannot be read at byte "
                                          + std::to_string(at) + ".");
  }

private:
  bool stop(errc code, std::string what) {
    if (!why)
      why = fail(code, std::move(what));
    return false;
  }

  bool no_object() {
    return stop(errc::invalid_argument, "'params' is not a JSON object.");
  }

  bool value() {
    if (keys_.empty())
      return no_object();
    if (++values_ > params_values_max)
      return stop(errc::too_large, "'params' may have at most "
                                     + std::to_string(params_values_max)
                                     + " values.");
    return true;
  }

  bool open() {
    if (keys_.size() == params_depth_max)
      return stop(errc::too_large, "'params' may be at most "
                                     + std::to_string(params_depth_max)
                                     + " levels deep.");
    if (!keys_.empty() && !value())
      return false;
    keys_.emplace_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;
  size_t values_ = 0;
};

} // namespace

outcome<json> read_params(std::string_view text) {
  if (text.empty())
    return json::object();
  // The parser would take one for the end.
  if (text.find('\0') != std::string_view::npos)
    return fail(errc::invalid_argument,
                "'params' is not a JSON object: it has a NUL byte.");
  inspector look;
  if (!json::sax_parse(text, &look))
    return look.why
             ? *look.why
             : fail(errc::invalid_argument, "'params' is not a JSON object.");
  return json::parse(text);
}

} // namespace berth::cdp
