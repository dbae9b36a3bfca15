#include "cdp/read_json.hpp"
#include "cdp/virtual_root.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace berth::cdp;

namespace {

using outcome = virtual_root::outcome;

/// What Chrome would say, written down by its id, method and session.
class virtual_root_test : public testing::Test {
public:
  /// Writes down what goes to Chrome next.
  void sent(std::vector<std::string> texts) {
    for (auto& x : texts)
      written.push_back(std::move(x));
  }

  virtual_root::result hear(std::string text) {
    auto result = root.hear(std::move(text));
    sent(result.write);
    return result;
  }

  /// Answers the first call of this method that was not answered yet.
  virtual_root::result answer(const std::string& method, std::string result) {
    for (auto i = written.begin(); i != written.end(); ++i) {
      auto call = read_object(*i);
      if (text_in(call, "method") != method)
        continue;
      auto id = std::to_string(static_cast<uint64_t>(number_in(call, "id")));
      auto session = text_in(call, "sessionId");
      written.erase(i);
      auto text = R"({"id":)" + id + "," + result;
      if (!session.empty())
        text += R"(,"sessionId":")" + session + '"';
      return hear(text + "}");
    }
    ADD_FAILURE() << method << " was not asked for";
    return {};
  }

  bool asked(const std::string& what) const {
    for (const auto& x : written)
      if (x.find(what) != std::string::npos)
        return true;
    return false;
  }

  void open_fresh() {
    sent(root.open(false));
    auto told = answer("Target.attachToBrowserTarget", attached);
    ASSERT_EQ(told.what, outcome::opened);
  }

  static constexpr const char* attached = R"("result":{"sessionId":"ROOT"})";

  virtual_root root{7};
  std::vector<std::string> written;
};

std::string info(const std::string& target) {
  return R"("result":{"targetInfo":{"targetId":")" + target + R"("}})";
}

} // namespace

TEST_F(virtual_root_test, OpensInANewChromeWithOneCall) {
  sent(root.open(false));
  ASSERT_EQ(written.size(), 1u);
  // The event comes before the answer.
  EXPECT_EQ(hear(R"({"method":"Target.attachedToTarget","params":)"
                 R"({"sessionId":"ROOT","targetInfo":{}}})")
              .what,
            outcome::nothing);
  EXPECT_EQ(answer("Target.attachToBrowserTarget", attached).what,
            outcome::opened);
  EXPECT_TRUE(written.empty());
}

TEST_F(virtual_root_test, AddressesTheRootAndNobodyElse) {
  open_fresh();
  std::string why;
  outgoing what{R"({"id":1,"method":"Browser.getVersion"})", 0, {}};
  EXPECT_TRUE(root.address(what, why));
  EXPECT_EQ(what.text,
            R"({"sessionId":"ROOT","id":1,"method":"Browser.getVersion"})");
  EXPECT_EQ(what.id, 1u);
  EXPECT_EQ(what.session, "");
  what.text = R"({"id":2,"method":"Page.enable","sessionId":"TAB"})";
  auto same = what.text;
  EXPECT_TRUE(root.address(what, why));
  EXPECT_EQ(what.text, same);
  EXPECT_EQ(what.id, 2u);
  EXPECT_EQ(what.session, "TAB");
  // To Chrome an empty one means the bare root.
  what.text = R"({"id":1,"method":"Browser.close","sessionId":""})";
  EXPECT_TRUE(root.address(what, why));
  EXPECT_NE(what.text.find(R"("sessionId":"ROOT")"), std::string::npos);
}

TEST_F(virtual_root_test, RefusesWhatWouldEndTheLinkOrReachTheBareRoot) {
  std::string why;
  outgoing early{R"({"id":1,"method":"Browser.getVersion"})", 0, {}};
  EXPECT_FALSE(root.address(early, why));
  open_fresh();
  for (auto bad :
       {std::string{R"({"id":1,"method":"A.b)"}, std::string{"no JSON"},
        std::string{R"({"id":1})"} + '\0'
          + R"({"id":2,"method":"Browser.close"})",
        R"({"id":1,"params":{"x":")" + std::string(command_max, 'x')
          + "\"}}"}) {
    outgoing what{bad, 0, {}};
    why.clear();
    EXPECT_FALSE(root.address(what, why));
    EXPECT_EQ(what.text, bad);
    EXPECT_FALSE(why.empty());
  }
}

TEST_F(virtual_root_test, DeliversWhatIsItsOwnAsIfItWereAConnection) {
  open_fresh();
  auto told = hear(R"({"id":5,"result":{"a":1},"sessionId":"ROOT"})");
  ASSERT_EQ(told.what, outcome::delivered);
  EXPECT_EQ(told.message->head.id, 5u);
  EXPECT_EQ(told.message->head.session, "");
  EXPECT_EQ(told.message->head.result, R"({"a":1})");
  told = hear(R"({"method":"Page.loadEventFired","sessionId":"TAB"})");
  ASSERT_EQ(told.what, outcome::delivered);
  EXPECT_EQ(told.message->head.session, "TAB");
}

TEST_F(virtual_root_test, KeepsWhatTheBareRootHearsToItself) {
  open_fresh();
  for (auto text :
       {R"({"id":5,"result":{}})", R"({"error":{"code":-32700}})",
        R"({"method":"Target.detachedFromTarget","params":{"sessionId":"X"}})",
        "no JSON", ""})
    EXPECT_EQ(hear(text).what, outcome::nothing) << text;
}

TEST_F(virtual_root_test, EndsWithItsSession) {
  open_fresh();
  auto told = hear(R"({"method":"Target.detachedFromTarget",)"
                   R"("params":{"sessionId":"ROOT"}})");
  EXPECT_EQ(told.what, outcome::closed);
  EXPECT_FALSE(told.why.empty());
  EXPECT_EQ(hear(R"({"id":5,"result":{},"sessionId":"ROOT"})").what,
            outcome::nothing);
}

TEST_F(virtual_root_test, FailsIfChromeGivesNone) {
  sent(root.open(false));
  EXPECT_EQ(answer("Target.attachToBrowserTarget",
                   R"("error":{"code":-32000,"message":"Not allowed"})")
              .what,
            outcome::closed);
}

TEST_F(virtual_root_test, TakesAChromeFromSomebodyElse) {
  sent(root.open(true));
  // It ends what the other one has half written.
  ASSERT_EQ(written.size(), 2u);
  EXPECT_EQ(written[0], "\x01");
  written.erase(written.begin());
  // What was meant for the other one, or is left of it.
  for (auto text : {R"(lf a message"}})", R"({"id":4,"result":{}})",
                    R"({"method":"Page.x","sessionId":"OLD"})"})
    EXPECT_EQ(hear(text).what, outcome::nothing);
  EXPECT_FALSE(asked("attachToBrowserTarget"));
  answer("Browser.getVersion", R"("result":{})");
  answer("Target.attachToBrowserTarget", attached);
  answer("Target.getTargetInfo", info("bare"));
  EXPECT_FALSE(asked("setDiscoverTargets"));
  answer("Target.getTargetInfo", info("mine"));
  ASSERT_TRUE(asked(R"("sessionId":"ROOT")"));
  for (auto target : {"bare", "mine", "stale"})
    EXPECT_EQ(hear(R"({"method":"Target.targetCreated","params":)"
                   R"({"targetInfo":{"type":"browser","targetId":")"
                   + std::string{target} + R"("}},"sessionId":"ROOT"})")
                .what,
              outcome::nothing);
  EXPECT_EQ(answer("Target.setDiscoverTargets", R"("result":{})").what,
            outcome::nothing);
  EXPECT_TRUE(asked(R"("targetId":"stale")"));
  EXPECT_FALSE(asked(R"("targetId":"bare")"));
  EXPECT_FALSE(asked(R"("targetId":"mine")"));
  // It may be gone already.
  EXPECT_EQ(answer("Target.detachFromTarget",
                   R"("error":{"code":-32602,"message":"No session"})")
              .what,
            outcome::nothing);
  EXPECT_EQ(answer("Target.setDiscoverTargets", R"("result":{})").what,
            outcome::opened);
  EXPECT_TRUE(written.empty());
}

TEST_F(virtual_root_test, DoesNotTakeAnOldAnswerForItsOwn) {
  virtual_root other{8};
  auto first = read_object(root.open(true)[1]);
  auto second = read_object(other.open(true)[1]);
  EXPECT_NE(number_in(first, "id"), number_in(second, "id"));
}
