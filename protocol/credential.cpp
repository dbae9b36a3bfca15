#include "protocol/credential.hpp"

namespace berth::protocol {

namespace {

/// Base32 of RFC 4648, in lower case.
constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";

constexpr size_t text_length = sizeof(lease_proof::bytes) * 8 / 5;

static_assert(text_length == 16);

std::string to_base32(const lease_proof& x) {
  std::string result;
  uint32_t bits = 0;
  int count = 0;
  for (auto byte : x.bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 5; count -= 5)
      result += digits[bits >> (count - 5) & 31];
  }
  return result;
}

std::optional<lease_proof> from_base32(std::string_view text) {
  if (text.size() != text_length)
    return std::nullopt;
  lease_proof result;
  uint32_t bits = 0;
  int count = 0;
  size_t at = 0;
  for (auto c : text) {
    auto digit = digits.find(c);
    if (digit == std::string_view::npos)
      return std::nullopt;
    bits = bits << 5 | static_cast<uint32_t>(digit);
    count += 5;
    if (count >= 8) {
      count -= 8;
      result.bytes[at++] = static_cast<uint8_t>(bits >> count);
    }
  }
  return result;
}

} // namespace

std::string write_credential(const lease_credential& x) {
  return to_string(x.ref) + ':' + to_base32(x.proof);
}

std::optional<lease_credential> parse_credential(std::string_view text) {
  auto at = text.rfind(':');
  if (at == std::string_view::npos)
    return std::nullopt;
  auto ref = parse_lease_ref(text.substr(0, at));
  auto proof = from_base32(text.substr(at + 1));
  if (!ref || !proof)
    return std::nullopt;
  return lease_credential{*ref, *proof};
}

} // namespace berth::protocol
