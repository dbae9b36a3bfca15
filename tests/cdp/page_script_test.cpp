#include "cdp/page_script.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;
using namespace berth::protocol;
using namespace std::chrono_literals;

TEST(PageScript, KeepsASelectorWithinItsQuotes) {
  auto evil = "\"; alert(1); \"";
  for (const auto& script :
       {find_to_click(evil, 1s), find_to_type(evil, true, 1s),
        wait_until(wait_kind::visible, evil, 1s),
        wait_until(wait_kind::text, evil, 1s), find_input(evil)}) {
    EXPECT_NE(script.find(R"("\"; alert(1); \"")"), std::string::npos);
    EXPECT_EQ(script.find("\"\"; alert(1)"), std::string::npos);
  }
}

TEST(PageScript, GivesUpWhenItsTimeIsOver) {
  EXPECT_NE(find_to_click("a", 1500ms).find("(look, 1500)"), std::string::npos);
}

TEST(PageScript, RunsAnExpressionAsItStands) {
  EXPECT_EQ(truth_of("window.done // now"), "!!(\nwindow.done // now\n)");
}

TEST(PageScript, NamesTheFrameOfItsWorld) {
  EXPECT_NE(script_world("a\"b").find(R"("frameId":"a\"b")"),
            std::string::npos);
}
