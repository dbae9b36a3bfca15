#include "protocol/attached_pages.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;

namespace {

const target_id a{"A"}, b{"B"};
const attachment_id one{"1"}, two{"2"}, window{"W"};

} // namespace

TEST(AttachedPages, AreFoundBothWays) {
  attached_pages pages;
  pages.attach(a, {one, window});
  pages.attach(b, {two, {}});
  EXPECT_EQ(pages.session_of(a), one);
  EXPECT_EQ(pages.page_in(two), b);
  EXPECT_EQ(pages.pages(), (std::vector{a, b}));
  auto was = pages.detach(a);
  ASSERT_TRUE(was);
  EXPECT_EQ(was->session, one);
  EXPECT_EQ(was->parent, window);
  EXPECT_FALSE(pages.contains(a));
  EXPECT_FALSE(pages.session_of(a));
  EXPECT_FALSE(pages.page_in(one));
  EXPECT_FALSE(pages.detach(a));
  EXPECT_TRUE(pages.contains(b));
}

/// What Chrome says of the earlier session is not of the page any more.
TEST(AttachedPages, HaveOneSessionAtATime) {
  attached_pages pages;
  pages.attach(a, {one, {}});
  pages.attach(a, {two, window});
  EXPECT_FALSE(pages.page_in(one));
  EXPECT_EQ(pages.page_in(two), a);
  EXPECT_EQ(pages.session_of(a), two);
}
