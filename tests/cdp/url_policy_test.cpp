#include "cdp/url_policy.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

TEST(UrlPolicy, LetsWebPagesPass) {
  for (auto url : {"https://a.test/", "HTTP://a.test", "data:text/html,x",
                   "blob:https://a.test/1", "about:blank"})
    EXPECT_EQ(refuse_url(url), "") << url;
}

TEST(UrlPolicy, RefusesTheMachineAndChromeItself) {
  for (auto url : {"file:///etc/passwd", "chrome://settings", "javascript:1",
                   "view-source:file:///x", "devtools://x", "about:version",
                   "FILE:///x", " file:///x", "filesystem:http://x"})
    EXPECT_NE(refuse_url(url), "") << url;
}

TEST(UrlPolicy, SaysWhatIsMissingFromABareHost) {
  for (auto url : {"example.com", "localhost:8080", "example.com:80/x", ""})
    EXPECT_NE(refuse_url(url), "") << url;
  EXPECT_NE(refuse_url("localhost:8080").find("scheme"), std::string::npos);
}
