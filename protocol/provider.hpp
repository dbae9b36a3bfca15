// Providers: how to hold a conversation with one web site.
//
// A profile is data: a JSON object, read and judged by `read_provider`. Every
// list of selectors is a list of fallbacks: the first that matches counts.

#pragma once

#include "protocol/config.hpp"
#include "protocol/timeouts.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::protocol {

/// CSS selectors, the best one first.
using selectors = std::vector<std::string>;

/// How a model or an effort is chosen: what to click, one after another.
using choice = std::vector<selectors>;

/// Where things are in the provider's page.
struct page_parts {
  selectors composer; ///< Where the prompt is typed.
  selectors send;     ///< Empty: Enter sends.
  selectors attach;   ///< The input for files. Empty: it takes none.
  selectors turns;    ///< Every turn of the conversation, in order.
  selectors answer;   ///< The text of an answer, within its turn.
  selectors stop;     ///< Visible while an answer is on its way.
  selectors done;     ///< Visible beside a whole answer, within its turn.
  selectors thinking; ///< Visible while it thinks.

  friend bool operator==(const page_parts&, const page_parts&) = default;
};

/// What stands in the way of a conversation; each has its own failure.
struct page_troubles {
  selectors login;        ///< `provider.login_required`
  selectors interstitial; ///< `provider.interstitial`
  selectors rate_limit;   ///< `provider.rate_limited`

  friend bool operator==(const page_troubles&, const page_troubles&) = default;
};

struct provider_profile {
  std::string name;
  work_key key; ///< What its tabs are counted by; by default its name.
  std::string start_url;
  /// Addresses of conversations: `*` is one part of the path, or of a query.
  std::string conversation_url;
  page_parts parts;
  page_troubles troubles;
  std::map<std::string, choice> models;
  std::map<std::string, choice> efforts;
  provider_times times; ///< Of the same efforts.
  /// What `provider.rate_limited` says if the page does not.
  duration retry_after = std::chrono::minutes{15};

  friend bool operator==(const provider_profile&, const provider_profile&)
    = default;
};

/// A profile, and everything that is wrong with it. It is to be used only if
/// nothing is.
struct provider_read {
  provider_profile profile;
  std::vector<complaint> complaints; ///< `field` is a path, `parts.send[1]`.
};

provider_read read_provider(const nlohmann::json& from);

/// Makes it the same site elsewhere: at `https://host[:port]`. False, and
/// nothing changed, if that is no such address.
bool move_provider(provider_profile& what, std::string_view origin);

/// Whether this is the address of a conversation, and not of a start page. A
/// query or a fragment beyond the pattern does not matter.
bool is_conversation(const provider_profile& at, std::string_view url);

} // namespace berth::protocol
