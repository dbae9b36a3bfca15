// Changes an input as somebody would who knows the format: not only its bytes,
// but its numbers, texts, nesting and keys. The same seed makes the same
// changes on every machine.

#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace berth::fuzz {

class mutator {
public:
  explicit mutator(uint64_t seed) : state_{seed * 2 + 1} {
    // nop
  }

  /// One to four changes of one of them, perhaps with parts of others.
  std::string next(std::span<const std::string> corpus);

private:
  uint64_t draw(uint64_t below);
  size_t place(const std::string& in);
  void change(std::string& what, std::span<const std::string> corpus);
  void change_bytes(std::string& what);
  void change_number(std::string& what);
  void change_text(std::string& what);
  void nest(std::string& what);
  void repeat_part(std::string& what);
  void splice(std::string& what, const std::string& other);

  uint64_t state_;
};

} // namespace berth::fuzz
