#include "cdp/ax_outline.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

namespace {

constexpr const char* tree = R"({"nodes":[
  {"nodeId":"1","role":{"value":"RootWebArea"},"childIds":["2","5"]},
  {"nodeId":"2","parentId":"1","ignored":true,"role":{"value":"none"},
   "childIds":["3"]},
  {"nodeId":"3","parentId":"2","role":{"value":"heading"},
   "name":{"value":"Title"},"childIds":["4"],
   "properties":[{"name":"level","value":{"value":1}}]},
  {"nodeId":"4","parentId":"3","role":{"value":"StaticText"},
   "name":{"value":"Title"}},
  {"nodeId":"5","parentId":"1","role":{"value":"textbox"},
   "name":{"value":"Name"},"value":{"value":"Ada"},
   "properties":[{"name":"focused","value":{"value":true}},
                 {"name":"disabled","value":{"value":false}}]}]})";

} // namespace

TEST(AxOutline, TellsALineForEveryNodeThatSaysSomething) {
  EXPECT_EQ(outline_ax_tree(tree), "- heading \"Title\" [level=1]\n"
                                   "  - text \"Title\"\n"
                                   "- textbox \"Name\" [focused]: Ada\n");
}

TEST(AxOutline, IsEmptyForWhatIsNoTree) {
  for (auto text : {"", "{}", "[]", "garbage", R"({"nodes":7})"})
    EXPECT_EQ(outline_ax_tree(text), "") << text;
}

TEST(AxOutline, EndsEvenIfNodesAreTheirOwnChildren) {
  auto text = R"({"nodes":[{"nodeId":"1","role":{"value":"list"},)"
              R"("name":{"value":"x"},"childIds":["1"]}]})";
  EXPECT_LT(outline_ax_tree(text).size(), 200000u);
}

/// Two paths at each of 200 levels would be more than there is time for.
TEST(AxOutline, TellsEachNodeOnce) {
  auto text = R"({"nodes":[{"nodeId":"1","role":{"value":"RootWebArea"},)"
              R"("childIds":["1","1","2","2"]},{"nodeId":"2",)"
              R"("role":{"value":"list"},"name":{"value":"x"}}]})";
  EXPECT_EQ(outline_ax_tree(text), "- list \"x\"\n");
}
