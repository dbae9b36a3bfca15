#include "protocol/credential.hpp"
#include "protocol/event.hpp"
#include "protocol/failure.hpp"
#include "protocol/journal.hpp"
#include "protocol/request.hpp"

#include <gtest/gtest.h>

#include <ostream>

using namespace berth::protocol;

namespace {

constexpr lease_ref some{{7}, {1, 9}};

lease_proof proof_from(uint8_t first) {
  lease_proof result;
  for (auto& x : result.bytes)
    x = first++;
  return result;
}

template <class T>
concept has_text = requires(const T& x) {
  to_string(x);
};

template <class T>
concept can_be_streamed = requires(std::ostream& out, const T& x) {
  out << x;
};

/// A name does not become a proof, and a credential not a name, by itself.
static_assert(!std::is_convertible_v<lease_credential, lease_ref>);
static_assert(!std::is_convertible_v<lease_ref, lease_proof>);
static_assert(!has_text<lease_credential> && !has_text<lease_proof>);
static_assert(!can_be_streamed<lease_credential>);
static_assert(!can_be_streamed<lease_proof>);

/// What is told, shown and journaled has a name where it has a lease.
static_assert(std::is_same_v<decltype(event::lease), lease_id>);
static_assert(std::is_same_v<decltype(lease::token), fencing_token>);
static_assert(std::is_same_v<decltype(lease_view::lease), lease_id>);

} // namespace

TEST(Credential, IsTheNameAndSixteenMoreCharacters) {
  lease_credential x{some, proof_from(0)};
  EXPECT_EQ(write_credential(x), "7:1.9:aaaqeayeaudaocaj");
  EXPECT_EQ(write_credential({some, proof_from(246)}),
            "7:1.9:6337r6p27p6p37x7");
}

TEST(Credential, IsReadAsItWasWritten) {
  for (int i = 0; i < 256; ++i) {
    lease_credential x{some, proof_from(static_cast<uint8_t>(i))};
    EXPECT_EQ(parse_credential(write_credential(x)), x);
  }
}

TEST(Credential, S2_ANameAloneIsNone) {
  for (auto text : {"", "7:1.9", "7:1.9:", "7:1.9:aaaqeayeaudaoca",
                    "7:1.9:aaaqeayeaudaocajx", "7:1.9:AAAQEAYEAUDAOCAJ",
                    "7:1.9:aaaqeayeaudaoca1", ":aaaqeayeaudaocaj",
                    "07:1.9:aaaqeayeaudaocaj", "7:1:aaaqeayeaudaocaj",
                    "7:1.9 :aaaqeayeaudaocaj", "7:1.9:aaaqeayeaudaocaj\n"})
    EXPECT_FALSE(parse_credential(text)) << text;
}
