#include "cdp/method_policy.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

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

TEST(MethodPolicy, LooksWhereARawNavigationGoes) {
  EXPECT_EQ(refuse_params("Page.navigate", R"({"url":"https://a.test/"})"), "");
  EXPECT_NE(refuse_params("Page.navigate", R"({"url":"file:///x"})"), "");
  EXPECT_NE(refuse_params("Page.navigate", "{}"), "");
  EXPECT_EQ(refuse_params("Page.reload", ""), "");
}
