#include "protocol/config.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace berth::protocol;
using namespace std::chrono_literals;

TEST(Options, ReadBackWhatTheyPrint) {
  std::set<std::string> names;
  for (const auto& x : options()) {
    EXPECT_TRUE(names.insert(x.name).second) << x.name;
    config some;
    auto text = get_option(some, x.name);
    ASSERT_TRUE(text) << x.name;
    EXPECT_EQ(set_option(some, x.name, *text), std::nullopt) << x.name;
    EXPECT_EQ(get_option(some, x.name), text) << x.name;
  }
}

TEST(Options, SetWhatTheyName) {
  config x;
  EXPECT_FALSE(set_option(x, "admission.per_key", "3"));
  EXPECT_FALSE(set_option(x, "lease.ttl_default", "1m30s"));
  EXPECT_FALSE(set_option(x, "tab.answer_max", "1MiB"));
  EXPECT_FALSE(set_option(x, "browser.headless", "false"));
  EXPECT_FALSE(set_option(x, "browser.flags", "--a --b=c"));
  EXPECT_FALSE(set_option(x, "admission.keys", "red=1,blue=2"));
  EXPECT_FALSE(set_option(x, "provider.origins", "a=http://b:1,c=http://d"));
  EXPECT_EQ(x.provider.origins.at("a"), "http://b:1");
  EXPECT_FALSE(set_option(x, "upload.dirs", "/a:/b c"));
  EXPECT_EQ(x.upload.dirs, (std::vector<std::string>{"/a", "/b c"}));
  EXPECT_EQ(x.admission.per_key, 3u);
  EXPECT_EQ(x.lease.ttl_default, duration{90s});
  EXPECT_EQ(x.tab.answer_max, size_t{1} << 20);
  EXPECT_FALSE(x.browser.headless);
  EXPECT_EQ(x.browser.flags, (std::vector<std::string>{"--a", "--b=c"}));
  EXPECT_EQ(x.admission.of_key.at({"blue"}), 2u);
}

TEST(Options, SayWhatIsWrongAndChangeNothing) {
  config x;
  for (auto [name, text] : {std::pair{"admission.per_key", "many"},
                            {"admission.per_key", "-1"},
                            {"door.port", "70000"},
                            {"lease.ttl_default", "soon"},
                            {"tab.answer_max", "1MB"},
                            {"browser.headless", "maybe"},
                            {"admission.keys", "red"},
                            {"provider.origins", "red"},
                            {"upload.dirs", "/a:b"}})
    EXPECT_TRUE(set_option(x, name, text)) << name << " " << text;
  EXPECT_EQ(x.admission.per_key, config{}.admission.per_key);
}

TEST(Options, SayHowMuchANumberMayBe) {
  config x;
  EXPECT_EQ(set_option(x, "door.port", "99999"), "'99999' is over 65535.");
  EXPECT_EQ(set_option(x, "door.port", "http"),
            "'http' is not a whole number such as 7.");
}

TEST(Options, NameTheNearestOne) {
  EXPECT_EQ(nearest_option("admission.per_kye"), "admission.per_key");
  EXPECT_FALSE(nearest_option("nothing.of.the.kind.at.all"));
  EXPECT_FALSE(nearest_option("admission.per_key" + std::string(100, 'x')));
  config x;
  EXPECT_NE(set_option(x, "dor.port", "1")->find("'door.port'"),
            std::string::npos);
}
