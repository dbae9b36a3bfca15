// What one look at a conversation saw, as `conversation_script` tells it.

#pragma once

#include "protocol/completion.hpp"
#include "protocol/failure.hpp"
#include "protocol/provider.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::cdp {

enum class page_trouble : uint8_t { none, login, interstitial, rate_limit };

struct page_look {
  std::string of;        ///< Whose order it answers.
  bool fresh = false;    ///< The first look in this document.
  size_t turns = 0;      ///< In the conversation.
  int64_t at = -1;       ///< The prompt's turn among them; below zero: none.
  protocol::look answer; ///< To that prompt.
  bool composer = false; ///< One is visible.
  bool typed = false;    ///< And the prompt stands in it.
  page_trouble trouble{};
  std::string words; ///< What the page says of its trouble.
  std::string url;
  std::string title;

  bool works() const {
    return answer.stop || answer.thinking;
  }
};

/// None if it is no look: a page may be between two documents.
std::optional<page_look> read_look(std::string_view text);

/// What its trouble means for the run. There must be one.
protocol::failure
explain(const page_look& x, const protocol::provider_profile& at);

/// How long the words tell to wait: "in 5 minutes". None if they tell nothing.
std::optional<protocol::duration> read_retry(std::string_view words);

/// The text of the answer, if it is the one that this look saw.
std::optional<std::string>
read_answer_text(std::string_view text, const page_look& seen);

/// Whether both lead to the same page: fragments do not matter.
bool same_page(std::string_view x, std::string_view y);

} // namespace berth::cdp
