// What a page makes of the language and of its own document does not reach
// the scripts of commands, and no call hands it a file of the machine.

#include "cdp/method_policy.hpp"

#include "tests/e2e/harness.hpp"
#include "tests/e2e/page_server.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

using namespace berth;
using namespace berth::tests;
using nlohmann::json;

namespace {

struct TabsOfHostilePages : testing::Test {
  live_daemon berth;
  client::connection me = berth.connect();

  client::tab open() {
    return must(me.acquire({}));
  }
};

errc code_of(const outcome<answer>& x) {
  return x ? errc::ok : x.error().code;
}

constexpr const char* controls
  = "<title>page</title><p>true words</p>"
    "<button id=b onclick=\"document.title='clicked'\">Press</button>"
    "<input id=i><input id=f type=file>";

constexpr const char* pollution = R"HTML(<script>
window.Promise = function () { throw 1 };
window.MutationObserver = function () { throw 2 };
JSON.stringify = () => '"fake"'; JSON.parse = () => ({});
for (const name of ['querySelector', 'querySelectorAll', 'elementFromPoint'])
  Document.prototype[name] = () => null;
for (const name of ['getBoundingClientRect', 'scrollIntoView', 'matches'])
  Element.prototype[name] = () => { throw 3 };
window.getComputedStyle = () => { throw 4 };
window.setTimeout = window.setInterval = () => 0;
Object.prototype.toJSON = () => 'poison';
Object.defineProperty(Object.prototype, 'ok', {get() { return true; }});
Object.defineProperty(HTMLElement.prototype, 'innerText',
                      {get() { return 'FAKE'; }});
Node.prototype.contains = () => false;
HTMLElement.prototype.focus = () => { throw 5 };
</script>)HTML";

/// Names that hide what documents and forms have by nature.
constexpr const char* clobbered
  = "<form name=body><input name=innerText></form>"
    "<form name=querySelector></form><form name=querySelectorAll></form>"
    "<form name=elementFromPoint></form><form name=documentElement></form>";

/// All that commands can do with such a page, but for its own variables.
void expect_to_be_of_use(client::tab& tab) {
  auto text = tab.text();
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_NE(text->value.find("true words"), std::string::npos) << text->value;
  EXPECT_EQ(text->value.find("FAKE"), std::string::npos);
  auto run = [&](auto what) {
    what.to.within = 20s;
    auto got = tab.run(what);
    EXPECT_TRUE(got) << got.error().what;
  };
  run(click{{}, "#b"});
  run(type_text{{}, "#i", "typed", true, false});
  run(wait_for{{}, wait_kind::visible, "#b"});
  run(wait_for{{}, wait_kind::text, "true words"});
  run(wait_for{{}, wait_kind::hidden, "#none"});
  run(wait_for{{}, wait_kind::expression, "6 * 7 === 42"});
  scratch_dir files;
  std::ofstream{files.path() + "/note"} << "text";
  run(upload{{}, "#f", {files.path() + "/note"}});
  wait_for never{{{}, {}, 1s}, wait_kind::text, "FAKE"};
  EXPECT_EQ(code_of(tab.run(never)), errc::element_missing);
}

/// The address that Chrome has the protocol's description at.
json protocol_of(const std::string& endpoint) {
  auto from = endpoint.find("//") + 2;
  auto place = endpoint.substr(from, endpoint.find('/', from) - from);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto port = std::stoi(place.substr(place.find(':') + 1));
  to.sin_port = htons(static_cast<uint16_t>(port));
  auto socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string all, request = "GET /json/protocol HTTP/1.1\r\nHost: " + place
                             + "\r\nConnection: close\r\n\r\n";
  if (::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0
      && ::send(socket, request.data(), request.size(), 0) > 0) {
    std::vector<char> chunk(1 << 16);
    auto head = std::string::npos;
    size_t size = 0;
    for (ssize_t got = 1;
         got > 0
         && (head == std::string::npos || all.size() < head + 4 + size);) {
      got = ::recv(socket, chunk.data(), chunk.size(), 0);
      if (got > 0)
        all.append(chunk.data(), static_cast<size_t>(got));
      head = all.find("\r\n\r\n");
      auto length = all.find("Content-Length:");
      if (head != std::string::npos && length < head)
        size = std::stoul(all.substr(length + 15));
    }
  }
  ::close(socket);
  auto body = all.find("\r\n\r\n");
  return body == std::string::npos
           ? json{}
           : json::parse(all.substr(body + 4), nullptr, false);
}

bool names_a_place(std::string name) {
  for (auto& c : name)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  // It has a "uri" in it, and is none.
  if (auto at = name.find("security"); at != std::string::npos)
    name.erase(at, std::string_view{"security"}.size());
  for (auto word : {"url", "uri", "path", "file", "dir"})
    if (name.find(word) != std::string::npos)
      return true;
  return false;
}

/// Parameters of the methods that are permitted, and what is in them, as far
/// as their names are those of files or addresses: `Page.navigate url`.
class place_finder {
public:
  explicit place_finder(const json& protocol) {
    for (const auto& domain : protocol["domains"])
      for (const auto& type : domain.value("types", json::array()))
        types_[domain["domain"].get<std::string>() + "."
               + type["id"].get<std::string>()]
          = type;
    for (const auto& domain : protocol["domains"]) {
      std::string name = domain["domain"];
      for (const auto& x : domain.value("commands", json::array())) {
        auto method = name + "." + x["name"].get<std::string>();
        if (cdp::refuse_method(method).empty())
          walk(name, x.value("parameters", json::array()), method, " ", {});
      }
    }
  }

  std::set<std::string> found;

private:
  void
  walk(const std::string& domain, const json& fields, const std::string& method,
       const std::string& before, std::set<std::string> seen) {
    for (const auto& x : fields) {
      std::string name = x["name"];
      if (names_a_place(name) && x.value("type", "") != "boolean"
          && x.value("type", "") != "number")
        found.insert(method + before + name);
      auto type = x.value(
        "$ref", x.value("items", json::object()).value("$ref", std::string{}));
      if (type.empty())
        continue;
      if (type.find('.') == std::string::npos)
        type = domain + "." + type;
      if (seen.insert(type).second)
        walk(type.substr(0, type.find('.')),
             types_[type].value("properties", json::array()), method,
             before + name + ".", seen);
    }
  }

  std::map<std::string, json> types_;
};

/// Names of what is there already, patterns, and what is only written down.
/// Those that are loaded are in the method policy, and tested there.
const std::set<std::string> harmless{
  "CacheStorage.requestCachedResponse requestURL",
  "CacheStorage.requestEntries pathFilter",
  "DOM.pushNodeByPathToFrontend path",
  "DOMDebugger.removeXHRBreakpoint url",
  "DOMDebugger.setXHRBreakpoint url",
  "Debugger.setBreakpointByUrl url",
  "Debugger.setBreakpointByUrl urlRegex",
  "FedCm.openUrl accountUrlType",
  "Fetch.enable patterns.urlPattern",
  "FileSystem.getDirectory bucketFileSystemLocator",
  "FileSystem.getDirectory bucketFileSystemLocator.pathComponents",
  "Input.dispatchDragEvent data.items.baseURL",
  "Network.deleteCookies path",
  "Network.deleteCookies url",
  "Network.emulateNetworkConditionsByRule matchedNetworkConditions.urlPattern",
  "Network.getCookies urls",
  "Network.setBlockedURLs urlPatterns",
  "Network.setBlockedURLs urlPatterns.urlPattern",
  "Network.setBlockedURLs urls",
  "Network.setCookie path",
  "Network.setCookie url",
  "Network.setCookies cookies.path",
  "Network.setCookies cookies.url",
  "Page.addCompilationCache url",
  "Page.deleteCookie url",
  "Page.getResourceContent url",
  "Page.produceCompilationCache scripts.url",
  "Page.searchInResource url",
  "Runtime.compileScript sourceURL",
};

const std::set<std::string> decided{
  "Fetch.continueRequest url",
  "Input.dispatchDragEvent data.files",
  "Network.loadNetworkResource url",
  "Page.navigate url",
};

} // namespace

TEST_F(TabsOfHostilePages, AreOfUseWhateverTheirScriptsReplaced) {
  page_server site{std::string{pollution} + controls};
  auto tab = open();
  ASSERT_TRUE(tab.navigate(site.origin()));
  expect_to_be_of_use(tab);
  EXPECT_EQ(tab.evaluate("document.title")->value, "\"clicked\"");
}

TEST_F(TabsOfHostilePages, AreOfUseWhateverTheirElementsAreCalled) {
  page_server site{std::string{clobbered} + controls};
  auto tab = open();
  ASSERT_TRUE(tab.navigate(site.origin()));
  expect_to_be_of_use(tab);
}

TEST_F(TabsOfHostilePages, AreOfUseWhereNoScriptsAreAllowed) {
  for (auto policy : {"sandbox", "default-src 'none'", "script-src 'none'"}) {
    page_server site{controls, "Content-Security-Policy: " + std::string{policy}
                                 + "\r\n"};
    auto tab = open();
    ASSERT_TRUE(tab.navigate(site.origin())) << policy;
    expect_to_be_of_use(tab);
  }
}

TEST_F(TabsOfHostilePages, WaitForTheirOwnVariables) {
  page_server site{controls};
  auto tab = open();
  ASSERT_TRUE(tab.navigate(site.origin()));
  ASSERT_TRUE(tab.evaluate("setTimeout(() => window.late = 7, 300)"));
  EXPECT_TRUE(
    tab.run(wait_for{{}, wait_kind::expression, "late === 7"}).ok()
    || tab.run(wait_for{{}, wait_kind::expression, "window.late === 7"}));
  auto thrown = tab.run(wait_for{{}, wait_kind::expression, "no.such.thing"});
  EXPECT_EQ(code_of(thrown), errc::script_threw);
  wait_for never{{{}, {}, 1s}, wait_kind::expression, "window.never"};
  EXPECT_EQ(code_of(tab.run(never)), errc::deadline_exceeded);
  // And of the page after it.
  ASSERT_TRUE(tab.evaluate("setTimeout(() => location.reload(), 200)"));
  EXPECT_TRUE(tab.run(wait_for{
    {}, wait_kind::expression, "!window.late && document.title === 'page'"}));
}

TEST_F(TabsOfHostilePages, GetNoFileByACall) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate("data:text/html,<title>start</title>"));
  auto call = [&](const char* method, const std::string& params) {
    return code_of(tab.run(call_cdp{{}, method, params}));
  };
  for (auto params :
       {R"({"url":"http://x/","url":"file:///etc/hostname"})",
        R"({"url":"http://x/","\u0075rl":"file:///etc/hostname"})"})
    EXPECT_EQ(call("Page.navigate", params), errc::invalid_argument) << params;
  EXPECT_EQ(call("Page.navigate", R"({"\u0075rl":"file:///etc/hostname"})"),
            errc::method_denied);
  EXPECT_EQ(call("Input.dispatchDragEvent",
                 R"({"type":"dragEnter","x":1,"y":1,"data":{"items":[],)"
                 R"("files":["/etc/hostname"],"dragOperationsMask":1}})"),
            errc::method_denied);
  EXPECT_EQ(call("DOM.setFileInputFiles", R"({"files":["/etc/hostname"]})"),
            errc::method_denied);
  // Chrome itself keeps pages from where they try to go.
  ASSERT_TRUE(tab.evaluate("location.href = 'file:///etc/hostname'"));
  ASSERT_TRUE(tab.evaluate("new Promise(r => setTimeout(r, 500))"));
  EXPECT_EQ(tab.evaluate("document.title")->value, "\"start\"");
}

TEST_F(TabsOfHostilePages, UploadOnlyWhatIsInItsDirectories) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate("data:text/html,<input id=f type=file>"));
  scratch_dir files;
  auto link = files.path() + "/link", hidden = files.path() + "/.hidden";
  std::filesystem::create_symlink("/etc/hostname", link);
  std::ofstream{hidden} << "text";
  for (const auto& path :
       {std::string{"/etc/hostname"}, std::string{"/etc/no-such-file"}, link,
        hidden, files.path() + "/../../etc/hostname",
        berth.dir() + "/journal.db"})
    EXPECT_EQ(code_of(tab.run(upload{{}, "#f", {path}})), errc::file_denied)
      << path;
  EXPECT_EQ(code_of(tab.run(upload{{}, "#f", {"note"}})),
            errc::invalid_argument);
  EXPECT_EQ(code_of(tab.run(upload{{}, "#f", {files.path()}})),
            errc::invalid_argument);
  EXPECT_EQ(tab.evaluate("document.querySelector('#f').files.length")->value,
            "0");
}

/// Between our look and Chrome's it could be a link to anything that the
/// daemon's user may read.
TEST(FilesOfOthers, S2_AreNotHandedToPagesWhereOtherUsersMayComeIn) {
  constexpr uid_t somebody = 65534;
  if (::geteuid() != 0)
    return; // Only root can give a file away.
  live_daemon berth{[](config& with) {
    with.door.uids = {somebody};
  }};
  auto me = berth.connect();
  auto tab = must(me.acquire());
  ASSERT_TRUE(tab.navigate("data:text/html,<input id=f type=file>"));
  scratch_dir files;
  auto theirs = files.path() + "/theirs";
  std::filesystem::create_directory(theirs);
  for (const auto& path : {files.path() + "/mine", theirs + "/file"})
    std::ofstream{path} << "text";
  ASSERT_EQ(::chown(theirs.c_str(), somebody, gid_t(-1)), 0);
  upload what{{}, "#f", {theirs + "/file"}};
  EXPECT_EQ(code_of(tab.run(what)), errc::file_denied);
  what.paths = {files.path() + "/mine"};
  EXPECT_EQ(code_of(tab.run(what)), errc::ok);
  what.paths = {files.path() + "/mine" + std::string(1, '\0') + "x"};
  EXPECT_EQ(code_of(tab.run(what)), errc::invalid_argument);
}

/// Its name is judged again when the file is there.
TEST_F(TabsOfHostilePages, S2_DownloadOnlyToWhereItsDirectoryIsThen) {
  auto tab = open();
  scratch_dir files, elsewhere;
  auto goal = files.path() + "/in";
  ASSERT_TRUE(tab.run(set_download_directory{{}, goal}));
  std::filesystem::remove(goal);
  std::filesystem::create_directory_symlink(berth.dir(), goal);
  ASSERT_TRUE(tab.navigate(
    "data:text/html,<a id=a download=key href='data:application/x,x'>x</a>"));
  ASSERT_TRUE(tab.click("#a"));
  auto failed = berth.log().wait(event_kind::download_failed);
  ASSERT_TRUE(failed);
  EXPECT_NE(failed->detail.find("belongs to Berth itself"), std::string::npos)
    << failed->detail;
  EXPECT_FALSE(std::filesystem::exists(berth.dir() + "/key"));
}

// A Chrome that has learnt a new one fails here, until somebody has decided.
TEST_F(TabsOfHostilePages, MeetNoMethodWithAPlaceThatIsUndecided) {
  live_daemon with_port{[](config& with) {
    with.browser.flags = {"--remote-debugging-port=0"};
  }};
  auto protocol
    = protocol_of(debugging_address_of(with_port.dir() + "/profile"));
  ASSERT_TRUE(protocol.is_object());
  place_finder places{protocol};
  EXPECT_GT(places.found.size(), 20u);
  for (const auto& x : places.found)
    EXPECT_TRUE(harmless.contains(x) || decided.contains(x)) << x;
  for (const auto& x : decided)
    EXPECT_TRUE(places.found.contains(x)) << x;
}
