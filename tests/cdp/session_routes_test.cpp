#include "cdp/transport/session_routes.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace berth::cdp {

using namespace std::chrono_literals;

namespace {

class SessionRoutes : public testing::Test {
protected:
  session_routes routes;
  session_routes::time now{1h};
  std::string heard;

  void route(const std::string& session, session_routes::lease_number lease) {
    auto note = [this, session](const frame_ptr&) {
      heard += session;
    };
    routes.route(session, lease, note, now);
  }

  void put(const std::string& session, const std::string& text, uint64_t id) {
    outgoing what{text, id, session};
    EXPECT_TRUE(routes.put(what, true, now));
  }

  /// All that may be written now, one letter each.
  std::string written() {
    std::string result;
    while (auto text = routes.next(now).text)
      result += text->front();
    return result;
  }

  /// An answer, which costs nothing to speak of unless it is a large one.
  bool answer(const std::string& session, uint64_t id, size_t bytes = 1) {
    auto text = R"({"id":)" + std::to_string(id) + R"(,"result":{},)"
                + R"("sessionId":")" + session + R"("})";
    auto x = std::make_shared<const frame>(text);
    auto to = routes.find(*x, bytes, now);
    if (to.heard)
      to.heard(x);
    return to.is_leased;
  }

  /// Two calls under way at once are a stranger's; it is none any more.
  void earn(const std::string& session) {
    for (uint64_t id = 100; id < 110; ++id) {
      put(session, "x", id);
      written();
      answer(session, id);
    }
    heard.clear();
  }

  /// Two leases are known, and the first has had a large answer.
  void begin_with_a_heavy_one() {
    route("A", 1);
    route("B", 2);
    earn("A");
    earn("B");
    put("A", "a", 1);
    written();
    answer("A", 1, size_t{60} << 20);
  }

  std::string three(const std::string& session) {
    for (uint64_t id : {1, 2, 3})
      put(session, std::to_string(id), id);
    return written();
  }
};

TEST_F(SessionRoutes, TellWhoHears) {
  route("A", 1);
  route("B", 0);
  EXPECT_TRUE(answer("A", 1));
  EXPECT_FALSE(answer("B", 2));
  EXPECT_FALSE(answer("C", 3));
  EXPECT_EQ(heard, "AB");
  routes.unroute("A", now);
  EXPECT_FALSE(answer("A", 4));
  EXPECT_EQ(heard, "AB");
}

/// A frame or a popup of it is gone, or another's tab.
TEST_F(SessionRoutes, KnowALeaseWhileItHasASession) {
  route("A", 1);
  route("frame", 1);
  route("B", 2);
  earn("A");
  now += 5s;
  routes.unroute("frame", now);
  routes.unroute("B", now);
  EXPECT_EQ(three("A"), "123");
}

TEST_F(SessionRoutes, ForgetALeaseThatHasNone) {
  route("A", 1);
  earn("A");
  now += 5s;
  routes.unroute("A", now);
  route("A", 1);
  EXPECT_EQ(three("A"), "12");
}

/// Parked, and then another's.
TEST_F(SessionRoutes, ForgetALeaseWhoseLastOneIsAnothersNow) {
  route("A", 1);
  earn("A");
  now += 5s;
  route("A", 2);
  route("B", 1);
  EXPECT_EQ(three("B"), "12");
}

/// To crash one's own tab is no way to get rid of it.
TEST_F(SessionRoutes, ForgetNoDebt) {
  begin_with_a_heavy_one();
  routes.unroute("A", now);
  route("A2", 1);
  put("A2", "a", 2);
  put("B", "b", 3);
  EXPECT_EQ(written(), "b");
}

/// It costs Chrome nothing, and says nothing of what comes next.
TEST_F(SessionRoutes, CountNoRefusal) {
  begin_with_a_heavy_one();
  for (uint64_t id = 10; id < 30; ++id)
    answer("A", id, 0);
  now += 30s; // All is paid.
  put("B", "b", 2);
  put("A", "a", 3);
  EXPECT_EQ(written(), "ba"); // Heavy ones come last.
}

} // namespace

} // namespace berth::cdp
