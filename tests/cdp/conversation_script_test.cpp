#include "cdp/conversation_script.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(ConversationScript, LooksForThePartsOfTheProfile) {
  provider_profile from;
  from.parts.turns = {"[data-turn]", "article"};
  from.parts.stop = {"\"; alert(1); \""};
  from.troubles.login = {"#login"};
  auto script = conversation_script(from);
  EXPECT_TRUE(has(script, R"("turns":["[data-turn]","article"])"));
  EXPECT_TRUE(has(script, R"("stop":["\"; alert(1); \""])"));
  EXPECT_TRUE(has(script, R"("login":["#login"])"));
  EXPECT_TRUE(has(script, std::string{"globalThis."} + watch_world));
}

TEST(ConversationScript, IsAskedForOnePrompt) {
  EXPECT_EQ(look_now({"7", 3, "say \"hi\"\n"}),
            R"(globalThis.berth?.look({"before":3,"of":"7","prompt":)"
            R"("say \"hi\"\n"}) ?? null)");
}

TEST(ConversationScript, TellsALongPromptByItsBeginning) {
  // Nothing of a character is left that does not fit as a whole.
  std::string prompt(4095, 'a');
  auto order = look_now({"1", 0, prompt + "\u00e9 and so on"});
  EXPECT_TRUE(has(order, prompt + "\"}"));
}

TEST(ConversationScript, FindsTheFirstOfSeveral) {
  EXPECT_EQ(first_of({"#a", "b"}, false, 1500ms),
            R"(globalThis.berth?.first(["#a","b"], false, 1500) ?? null)");
  EXPECT_TRUE(has(first_of({}, true, 1s), "([], true, 1000)"));
}
