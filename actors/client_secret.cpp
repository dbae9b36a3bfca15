#include "actors/client_secret.hpp"

#include <array>
#include <openssl/sha.h>
#include <random>

namespace berth::actors {

client_secret make_secret() {
  std::random_device source;
  auto draw = [&] {
    auto half = uint64_t{source()} << 32;
    return half | source();
  };
  auto high = draw();
  return {high, draw()};
}

protocol::client_id id_of(const client_secret& x) {
  std::array<unsigned char, 16> bytes{};
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<unsigned char>(x.high >> 8 * i);
    bytes[8 + i] = static_cast<unsigned char>(x.low >> 8 * i);
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  uint64_t result = 0;
  for (size_t i = 0; i < 8; ++i)
    result = result << 8 | digest[i];
  result >>= 1;
  return {result == 0 ? 1 : result};
}

} // namespace berth::actors
