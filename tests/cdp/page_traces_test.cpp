#include "cdp/page_traces.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

using origins = std::map<std::string, std::set<std::string>>;

TEST(PageTraces, KnowTheOriginOfAnAddress) {
  EXPECT_EQ(origin_of("https://a.b:8/c?d#e"), "https://a.b:8");
  EXPECT_EQ(origin_of("http://a"), "http://a");
  EXPECT_EQ(origin_of("http://me:secret@a/x@y"), "http://a");
  EXPECT_EQ(origin_of("blob:https://a.b/0815"), "https://a.b");
  EXPECT_EQ(origin_of("about:blank"), "");
  EXPECT_EQ(origin_of("file:///etc/passwd"), "");
}

TEST(PageTraces, AreWhatTheMainFrameAndItsFramesShowed) {
  page_traces x;
  x.document("about:blank");
  x.document("https://chat.example/c/1");
  x.frame("https://chat.example/inside", false);
  x.frame("about:srcdoc", false);
  x.frame("https://other.test/", false);
  x.frame("https://third.test/", true);
  x.document("https://login.example/");
  EXPECT_TRUE(x.can_be_cleaned());
  EXPECT_EQ(x.origins(),
            (origins{{"https://chat.example",
                      {"https://other.test", "https://third.test"}},
                     {"https://login.example", {}}}));
}

TEST(PageTraces, AddUp) {
  page_traces x, y;
  x.document("https://a/");
  y.document("https://a/");
  y.frame("https://b/", false);
  y.document("https://c/");
  x.add(y);
  EXPECT_EQ(x.origins(),
            (origins{{"https://a", {"https://b"}}, {"https://c", {}}}));
  y.lose_track();
  x.add(y);
  EXPECT_FALSE(x.can_be_cleaned());
}

TEST(PageTraces, AreLostWhereTheyCannotBeShownAgain) {
  for (auto url : {"file:///etc/passwd", "chrome://settings"}) {
    page_traces x;
    x.document(url);
    EXPECT_FALSE(x.can_be_cleaned()) << url;
  }
  page_traces nested;
  nested.document("https://a.example/");
  nested.frame("https://b.example/", true); // Of another site wherever it is.
  nested.frame("https://www.a.example/", false);
  EXPECT_TRUE(nested.can_be_cleaned());
  nested.frame("https://www.a.example/", true);
  EXPECT_FALSE(nested.can_be_cleaned());
}

TEST(PageTraces, AreLostWhenThereAreTooMany) {
  page_traces x;
  x.document("https://a/");
  for (int i = 0; i < 15; ++i)
    x.frame("https://f" + std::to_string(i) + "/", false);
  EXPECT_TRUE(x.can_be_cleaned());
  x.frame("https://another/", false);
  EXPECT_FALSE(x.can_be_cleaned());
}

TEST(PageTraces, AreClearedByPagesThatWaitForTheirFrames) {
  auto page = clearing_page({"https://b"});
  EXPECT_NE(page.find(R"(<iframe src="https://b/">)"), std::string::npos);
  EXPECT_NE(page.find(R"(new Set(["https://b"]))"), std::string::npos);
  EXPECT_EQ(clearing_page({}).find("<iframe"), std::string::npos);
}
