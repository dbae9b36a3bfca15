#include "cdp/method_policy.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;
using berth::protocol::errc;

namespace {

std::string why(std::string_view method, std::string_view params) {
  auto got = admit_call(method, params);
  return got ? "" : got.error().what;
}

} // namespace

TEST(MethodPolicy, AllowsWhatStaysWithinThePage) {
  for (auto method :
       {"Page.reload", "Page.navigate", "DOM.getDocument", "Runtime.evaluate",
        "Network.getCookies", "Network.setCookie", "Input.dispatchKeyEvent",
        "Accessibility.getFullAXTree", "Emulation.setDeviceMetricsOverride",
        "Fetch.enable", "Storage.getStorageKey", "Tracing.getCategories"})
    EXPECT_EQ(refuse_method(method), "") << method;
}

TEST(MethodPolicy, RefusesWhatReachesOtherTabs) {
  for (auto method :
       {"Target.getTargets", "Target.attachToTarget", "Target.closeTarget",
        "Target.createTarget", "Target.setDiscoverTargets", "Browser.close",
        "Browser.crash", "Network.getAllCookies", "Network.clearBrowserCookies",
        "Storage.clearDataForOrigin", "Storage.getCookies", "Tracing.start",
        "ServiceWorker.enable", "Security.setIgnoreCertificateErrors",
        "Memory.simulatePressureNotification", "Page.crash",
        "SystemInfo.getInfo", "Extensions.loadUnpacked"})
    EXPECT_NE(refuse_method(method), "") << method;
}

TEST(MethodPolicy, KeepsTheGroundUnderTheTabItself) {
  for (auto method :
       {"Page.disable", "Inspector.disable", "Page.close",
        "Page.setLifecycleEventsEnabled", "Emulation.setFocusEmulationEnabled"})
    EXPECT_NE(refuse_method(method), "") << method;
}

TEST(MethodPolicy, RefusesWhatIsNoMethod) {
  for (auto method : {"", "Page", "Page.", ".reload", "Nonsense.x",
                      "Page.reload\",\"x\":\"", "Page reload"})
    EXPECT_NE(refuse_method(method), "") << method;
}

TEST(MethodPolicy, LooksWhereARawCallGoes) {
  EXPECT_EQ(why("Page.navigate", R"({"url":"https://a.test/"})"), "");
  for (auto params : {R"({"url":"file:///x"})", "{}", "", R"({"url":1})",
                      R"({"url":["https://a.test/"]})",
                      R"({"\u0075rl":"file:///etc/shadow"})",
                      R"({"url":"http://x/","url":"file:///etc/shadow"})"})
    EXPECT_NE(why("Page.navigate", params), "") << params;
  EXPECT_EQ(why("Page.reload", ""), "");
  EXPECT_EQ(why("Fetch.continueRequest", R"({"requestId":"1"})"), "");
  EXPECT_NE(
    why("Fetch.continueRequest", R"({"requestId":"1","url":"file:///x"})"), "");
  EXPECT_NE(why("Network.loadNetworkResource", R"({"url":"file:///x"})"), "");
}

TEST(MethodPolicy, GivesNoFileToAPage) {
  for (auto method : {"DOM.setFileInputFiles", "Page.setDownloadBehavior",
                      "Browser.setDownloadBehavior", "Target.createTarget"})
    EXPECT_NE(why(method, "{}"), "") << method;
  auto drag = [](const char* data) {
    return why("Input.dispatchDragEvent",
               R"({"type":"drop","x":1,"y":1,"data":)" + std::string{data}
                 + "}");
  };
  EXPECT_EQ(drag(R"({"items":[],"dragOperationsMask":1})"), "");
  EXPECT_EQ(drag(R"({"items":[],"files":[]})"), "");
  EXPECT_NE(drag(R"({"items":[],"files":["/etc/shadow"]})"), "");
  EXPECT_NE(drag(R"({"items":[],"\u0066iles":["/etc/shadow"]})"), "");
  EXPECT_NE(drag(R"({"files":"/etc/shadow"})"), "");
}

TEST(MethodPolicy, SendsWhatItChecked) {
  EXPECT_EQ(*admit_call("Page.navigate", R"( {"\u0075rl" : "http:\/\/x"} )"),
            R"({"url":"http://x"})");
  EXPECT_EQ(admit_call("Page.reload", "[]").error().code,
            errc::invalid_argument);
  EXPECT_EQ(admit_call("Target.getTargets", "[").error().code,
            errc::method_denied);
}

TEST(MethodPolicy, RefusesNamesThatAreTooLong) {
  EXPECT_NE(refuse_method("Page." + std::string(1000, 'a')), "");
  EXPECT_LT(refuse_method("Page." + std::string(1000, 'a')).size(), 300u);
}
