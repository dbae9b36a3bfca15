#include "cdp/read_json.hpp"

#include "protocol/json_depth.hpp"

#include <utility>

namespace berth::cdp {

using nlohmann::json;

namespace {

const json* find(const json& from, const char* key) {
  if (!from.is_object())
    return nullptr;
  auto i = from.find(key);
  return i == from.end() ? nullptr : &*i;
}

} // namespace

json read_object(std::string_view text) {
  // For the parser a NUL is the end, whatever comes behind it.
  if (text.find('\0') != std::string_view::npos || protocol::is_too_deep(text))
    return json::object();
  auto result = json::parse(text, nullptr, false);
  return result.is_object() ? result : json::object();
}

std::string text_in(const json& from, const char* key, std::string fallback) {
  auto x = find(from, key);
  return x && x->is_string() ? x->get<std::string>() : std::move(fallback);
}

double number_in(const json& from, const char* key) {
  auto x = find(from, key);
  return x && x->is_number() ? x->get<double>() : 0;
}

bool is_true_in(const json& from, const char* key) {
  auto x = find(from, key);
  return x && x->is_boolean() && x->get<bool>();
}

json object_in(const json& from, const char* key) {
  auto x = find(from, key);
  return x && x->is_object() ? *x : json::object();
}

std::string write_json(const json& what) {
  return what.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace berth::cdp
