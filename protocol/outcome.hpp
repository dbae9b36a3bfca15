#pragma once
#include "protocol/failure.hpp"
#include <variant>
namespace berth::protocol {
template <class T> class [[nodiscard]] outcome {
public:
  outcome(T x) : data_(std::in_place_index<0>, std::move(x)) {}
  outcome(failure x) : data_(std::in_place_index<1>, std::move(x)) {}
  explicit operator bool() const noexcept { return data_.index()==0; }
  T& operator*() { return std::get<0>(data_); }
  T* operator->() { return &std::get<0>(data_); }
  const failure& error() const { return std::get<1>(data_); }
private: std::variant<T, failure> data_;
};
template <> class [[nodiscard]] outcome<void> {
public:
  outcome() = default;
  outcome(failure x) : f_(std::move(x)) {}
  explicit operator bool() const noexcept { return !f_; }
  const failure& error() const { return *f_; }
private: std::optional<failure> f_;
};
}
