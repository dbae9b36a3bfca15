// Reads what Chrome or a page says without trusting its shape: pages can make
// their scripts' results whatever they like.

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace berth::cdp {

/// An empty object if the text is none, or is nested too deeply.
nlohmann::json read_object(std::string_view text);

// -- fields of an object; the fallback if it is not there, or something else

std::string
text_in(const nlohmann::json& from, const char* key, std::string fallback = {});
double number_in(const nlohmann::json& from, const char* key);
bool is_true_in(const nlohmann::json& from, const char* key);
nlohmann::json object_in(const nlohmann::json& from, const char* key);

/// Never throws: bytes that are no UTF-8 are replaced.
std::string write_json(const nlohmann::json& what);

} // namespace berth::cdp
