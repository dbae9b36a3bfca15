#include "apps/lease_option.hpp"

#include <gtest/gtest.h>

using namespace berth::apps;
using namespace berth::protocol;

namespace {

constexpr const char* seven = "7:1.9:b7ty2gkdu3sfq6pc";
constexpr const char* eight = "8:1.10:aaaqeayeaudaocaj";

std::string chosen(const std::string& name, const std::string& held) {
  auto got = choose_lease(name, held, "BERTH_LEASE");
  return got ? write_credential(*got) : "refused";
}

std::string why_not(const std::string& name, const std::string& held) {
  auto got = choose_lease(name, held, "BERTH_LEASE");
  return got ? "" : got.error().what;
}

} // namespace

TEST(LeaseOption, TakesTheOnlyOneThatIsHeld) {
  EXPECT_EQ(chosen("", seven), seven);
  EXPECT_EQ(chosen("", std::string{seven} + "\n"), seven);
}

TEST(LeaseOption, ChoosesByNameOrNumberAmongSeveral) {
  auto both = std::string{seven} + ' ' + eight;
  EXPECT_EQ(chosen("8:1.10", both), eight);
  EXPECT_EQ(chosen("7", both), seven);
  EXPECT_EQ(chosen("9", both), "refused");
  EXPECT_EQ(chosen("7:1.8", both), "refused");
  EXPECT_NE(why_not("", both).find("7:1.9, 8:1.10"), std::string::npos);
}

TEST(LeaseOption, S2_RefusesACredentialOnTheCommandLine) {
  for (auto shown : {seven, "7:1.9:b7ty2gkdu3sfq6p", "7:1.9:junk"}) {
    EXPECT_EQ(chosen(shown, seven), "refused");
    EXPECT_NE(why_not(shown, seven).find("BERTH_LEASE"), std::string::npos);
  }
}

TEST(LeaseOption, S2_RepeatsNoCredentialWhenItComplains) {
  auto both = std::string{seven} + ' ' + eight;
  for (auto& text :
       {why_not("", both), why_not("9", both), why_not(seven, seven),
        why_not("", "7:1.9:B7TY2GKDU3SFQ6PC"), why_not("junk", seven)}) {
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find("ty2gkdu3sfq"), std::string::npos) << text;
    EXPECT_EQ(text.find("TY2GKDU3SFQ"), std::string::npos) << text;
  }
}

TEST(LeaseOption, SaysWhatIsMissing) {
  EXPECT_NE(why_not("", "").find("Which lease?"), std::string::npos);
  EXPECT_NE(why_not("7:1.9", "").find("holds no credential"),
            std::string::npos);
  EXPECT_NE(why_not("", "7:1.9").find("does not hold a credential"),
            std::string::npos);
}
