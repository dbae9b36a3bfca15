#include "cdp/message.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <utility>

namespace berth::cdp {

namespace {

using nlohmann::json;

/// A parser's room takes longer to get than most texts to read: each thread
/// keeps that of the last one, unless it was a large one's.
class kept_parser {
public:
  kept_parser() : mine_{std::move(spare())} {
    if (!mine_)
      mine_ = std::make_unique<simdjson::ondemand::parser>();
  }

  ~kept_parser() {
    if (mine_->capacity() <= kept_max)
      spare() = std::move(mine_);
  }

  kept_parser(const kept_parser&) = delete;
  kept_parser& operator=(const kept_parser&) = delete;

  simdjson::ondemand::parser& operator*() {
    return *mine_;
  }

private:
  static constexpr std::size_t kept_max = 65'536;

  static std::unique_ptr<simdjson::ondemand::parser>& spare() {
    thread_local std::unique_ptr<simdjson::ondemand::parser> result;
    return result;
  }

  std::unique_ptr<simdjson::ondemand::parser> mine_;
};

/// The object that a text is, if it is one: `there` says so. simdjson finds
/// the room that it needs behind a copy of the text.
struct object_text {
  explicit object_text(std::string_view text) : copy{text} {
    there = !(*parser).iterate(copy).get(document)
            && !document.get_object().get(root);
  }

  object_text(const object_text&) = delete;
  object_text& operator=(const object_text&) = delete;

  simdjson::padded_string copy;
  kept_parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object root;
  bool there = false;
};

/// Finds fields until the text turns out to be broken: simdjson lets go of it
/// then, and must not be asked again.
class finder {
public:
  template <class T>
  bool find(simdjson::ondemand::object& in, std::string_view key, T& out) {
    if (broken_)
      return false;
    auto error = in.find_field_unordered(key).get(out);
    broken_ = error != simdjson::SUCCESS && error != simdjson::NO_SUCH_FIELD
              && error != simdjson::INCORRECT_TYPE;
    return error == simdjson::SUCCESS;
  }

  std::string text(simdjson::ondemand::object& in, std::string_view key) {
    std::string_view result;
    return find(in, key, result) ? std::string{result} : std::string{};
  }

private:
  bool broken_ = false;
};

/// The text of an exception: its description (with the stack), else its value.
std::string read_exception(finder& fields, simdjson::ondemand::object details) {
  simdjson::ondemand::object thrown;
  auto summary = fields.text(details, "text");
  if (summary.empty())
    summary = "an exception without a text";
  if (!fields.find(details, "exception", thrown))
    return summary;
  if (auto text = fields.text(thrown, "description"); !text.empty())
    return text;
  simdjson::ondemand::value value;
  if (fields.find(thrown, "value", value))
    return std::string{value.raw_json_token()};
  return summary;
}

} // namespace

namespace {

/// The library looks at each byte for long. What needs no escapes is most of
/// all text, and is copied, where so much of it is together.
constexpr std::size_t plain_least = 64;

bool is_plain(char c) {
  return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
}

std::size_t count_plain(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain)
                                  - text.begin());
}

/// Up to where enough of the text is plain, which is never within a character.
std::size_t count_rough(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto plain = count_plain(text.substr(at));
    if (plain >= plain_least)
      return at;
    at += plain + 1;
  }
  return text.size();
}

void add_escaped(std::string& to, std::string_view text) {
  auto quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  to.append(quoted, 1, quoted.size() - 2);
}

} // namespace

std::string quote(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 2);
  result += '"';
  while (!text.empty()) {
    auto plain = count_plain(text);
    result.append(text.substr(0, plain));
    text.remove_prefix(plain);
    auto rough = count_rough(text);
    if (rough > 0)
      add_escaped(result, text.substr(0, rough));
    text.remove_prefix(rough);
  }
  return result += '"';
}

namespace {

/// Between quotes if it needs no escapes, which method names and sessions never
/// do.
void add_text(std::string& to, std::string_view text) {
  bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.';
  });
  if (plain)
    to.append("\"").append(text).append("\"");
  else
    to.append(quote(text));
}

} // namespace

std::string write_command(uint64_t id, std::string_view method,
                          std::string_view params, std::string_view session) {
  std::string result;
  result.reserve(64 + method.size() + params.size() + session.size());
  result.append(R"({"id":)").append(std::to_string(id));
  result.append(R"(,"method":)");
  add_text(result, method);
  if (!params.empty())
    result.append(R"(,"params":)").append(params);
  if (!session.empty())
    add_text(result.append(R"(,"sessionId":)"), session);
  result.append("}");
  return result;
}

std::string write_refusal(const envelope& command, std::string_view why) {
  auto result = R"({"id":)" + std::to_string(command.id)
                + R"(,"error":{"code":-32600,"message":)" + quote(why) + '}';
  if (!command.session.empty())
    result += R"(,"sessionId":)" + quote(command.session);
  return result + '}';
}

std::string answer_too_large(std::string_view ends, std::size_t most) {
  constexpr std::string_view start = R"({"id":)";
  constexpr std::string_view name = R"("sessionId":")";
  envelope head;
  if (ends.substr(0, start.size()) != start)
    return {};
  std::string_view number = ends.substr(start.size());
  if (std::from_chars(number.data(), number.data() + number.size(), head.id).ec
      != std::errc{})
    return {};
  // Chrome writes it last; within a text its quotes would be escaped.
  if (auto at = ends.rfind(name); at != std::string_view::npos) {
    auto session = ends.substr(at + name.size());
    if (auto end = session.find('"'); end + 2 == session.size())
      head.session = session.substr(0, end);
  }
  return write_refusal(head, "The answer has more than " + std::to_string(most)
                               + " bytes.");
}

chrome_error read_error(std::string_view text) {
  auto from = json::parse(text, nullptr, false);
  if (!from.is_object())
    return {};
  chrome_error result;
  if (auto code = from.find("code");
      code != from.end() && code->is_number_integer())
    result.code = code->get<int64_t>();
  if (auto words = from.find("message");
      words != from.end() && words->is_string())
    result.message = words->get<std::string>();
  if (auto data = from.find("data"); data != from.end() && data->is_string())
    result.message += ": " + data->get<std::string>();
  return result;
}

std::string read_text_field(std::string_view text, const char* key) {
  object_text from{text};
  return from.there ? finder{}.text(from.root, key) : std::string{};
}

evaluation read_evaluation(std::string_view text) {
  evaluation result{"null", {}, {}};
  object_text from{text};
  if (!from.there)
    return result;
  finder fields;
  simdjson::ondemand::object details;
  if (fields.find(from.root, "exceptionDetails", details)) {
    result.exception = read_exception(fields, details);
    return result;
  }
  simdjson::ondemand::object remote;
  if (!fields.find(from.root, "result", remote))
    return result;
  result.object = fields.text(remote, "objectId");
  if (auto text_only = fields.text(remote, "unserializableValue");
      !text_only.empty()) {
    result.value = quote(text_only);
    return result;
  }
  simdjson::ondemand::value value;
  std::string_view raw;
  if (fields.find(remote, "value", value)
      && !simdjson::to_json_string(value).get(raw))
    result.value = std::string{raw};
  return result;
}

} // namespace berth::cdp
