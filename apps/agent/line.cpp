#include "apps/agent/line.hpp"

#include "apps/print.hpp"
#include "cdp/read_json.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace berth::apps {

using nlohmann::json;
using namespace protocol;

namespace {

constexpr std::array names{"granted", "did", "failed", "mistaken", "released"};

static_assert(names.size() == size_t(saying::released) + 1);

std::optional<saying> parse_saying(const std::string& name) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<saying>(i);
  return std::nullopt;
}

} // namespace

json to_json(const agent_line& x) {
  json result{{"agent", x.agent}, {"says", names[static_cast<size_t>(x.says)]}};
  if (x.lease.lease)
    result["lease"] = to_string(x.lease);
  if (x.says == saying::did)
    result["commands"] = x.commands;
  if (x.says == saying::failed)
    result.update(to_json(x.why));
  if (x.says == saying::mistaken) {
    result["expected"] = x.expected;
    result["got"] = x.got;
  }
  return result;
}

std::optional<agent_line> parse_agent_line(std::string_view text) {
  auto x = cdp::read_object(text);
  auto says = parse_saying(cdp::text_in(x, "says"));
  if (!says)
    return std::nullopt;
  agent_line result;
  result.agent = cdp::text_in(x, "agent");
  result.says = *says;
  if (auto lease = parse_lease_ref(cdp::text_in(x, "lease")))
    result.lease = *lease;
  if (auto i = x.find("commands"); i != x.end() && i->is_number_unsigned())
    result.commands = i->get<uint64_t>();
  if (auto why = parse_failure(x))
    result.why = *why;
  result.expected = cdp::text_in(x, "expected");
  result.got = cdp::text_in(x, "got");
  return result;
}

std::optional<failure> parse_failure(const json& x) {
  auto error = x.find("error");
  if (error == x.end() || !error->is_object())
    return std::nullopt;
  auto code = parse_errc(cdp::text_in(*error, "code"));
  if (!code)
    return std::nullopt;
  auto result = fail(*code, cdp::text_in(*error, "what"));
  if (auto i = error->find("retry_after"); i != error->end() && i->is_number())
    result.retry_after = std::chrono::duration_cast<duration>(
      std::chrono::duration<double>(i->get<double>()));
  return result;
}

} // namespace berth::apps
