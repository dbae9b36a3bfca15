#pragma once

#include "protocol/failure.hpp"

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace berth::protocol {

/// What was asked for, or why there is none: the answer of every call that may
/// be refused. To look at what is not there is a bug, and ends the program.
template <class T>
class [[nodiscard]] outcome {
public:
  static_assert(!std::is_same_v<T, failure> && !std::is_reference_v<T>);

  // Not explicit, so that a function returns either without further words.
  outcome(T x) : data_{std::in_place_index<0>, std::move(x)} {
    // nop
  }

  outcome(failure why) : data_{std::in_place_index<1>, std::move(why)} {
    assert(error().code != errc::ok);
  }

  bool ok() const noexcept {
    return data_.index() == 0;
  }

  explicit operator bool() const noexcept {
    return ok();
  }

  T& value() & {
    assert(ok());
    return *std::get_if<0>(&data_);
  }

  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&data_);
  }

  T&& value() && {
    return std::move(value());
  }

  T& operator*() & {
    return value();
  }

  const T& operator*() const& {
    return value();
  }

  T&& operator*() && {
    return std::move(value());
  }

  T* operator->() {
    return &value();
  }

  const T* operator->() const {
    return &value();
  }

  const failure& error() const {
    assert(!ok());
    return *std::get_if<1>(&data_);
  }

private:
  std::variant<T, failure> data_;
};

/// That it was done, or why not.
template <>
class [[nodiscard]] outcome<void> {
public:
  outcome() = default;

  outcome(failure why) : why_{std::move(why)} {
    assert(why_->code != errc::ok);
  }

  bool ok() const noexcept {
    return !why_;
  }

  explicit operator bool() const noexcept {
    return ok();
  }

  void value() const {
    assert(ok());
  }

  const failure& error() const {
    assert(!ok());
    return *why_;
  }

private:
  std::optional<failure> why_;
};

} // namespace berth::protocol
