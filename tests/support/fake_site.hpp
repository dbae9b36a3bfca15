// A web site that holds conversations, as far as the page side of a session
// can tell it from a real one. It outlives tabs and Chromes.

#pragma once

#include "protocol/provider.hpp"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace berth::tests {

using namespace protocol;

/// A part of an answer: it says so many words, all at once, and then stays as
/// it is for a while.
struct answer_part {
  size_t words = 0;
  duration lasts{};
  bool thinks = false; ///< And shows it.
  bool bare = false;   ///< Shows neither that nor a stop button.
};

using answer_plan = std::vector<answer_part>;

/// A prompt that the site took, and its answer.
struct fake_turn {
  std::string prompt;
  timestamp taken;
  answer_plan plan;
  std::optional<timestamp> stopped;
};

/// What it took, when and where.
struct taken_prompt {
  timestamp at;
  std::string url; ///< Of the conversation, as it is from then on.
  std::string text;
  bool interrupts = false; ///< The answer before it was shown to go on.
};

/// What an answer shows at an instant.
struct answer_view {
  std::string text;
  bool thinks = false;
  bool stoppable = false;
  bool done = false;
};

/// What a document of the site shows, and what was asked of it.
struct fake_document {
  timestamp hydrated;   ///< It shows nothing before.
  std::string draft;    ///< What stands in the composer.
  nlohmann::json asked; ///< By the script that watches it; null: nothing yet.
};

class fake_site {
public:
  struct surroundings {
    std::function<timestamp()> now;
    std::function<uint64_t(uint64_t)> draw; ///< Below its argument.
  };

  explicit fake_site(surroundings around);

  static provider_profile profile();

  /// All of the answer, when it is whole.
  static std::string whole_answer(const std::string& prompt, size_t words);

  /// From now on answers go like this; without it they are drawn.
  void answer_with(answer_plan plan);

  /// Every prompt that it ever took, in order.
  const std::vector<taken_prompt>& taken() const {
    return taken_;
  }

  /// How many words its answer to this prompt has. Zero: it was never taken.
  size_t words_of(const std::string& prompt) const;

  /// Whether that is all of an answer that it gave to this prompt.
  bool gave(const std::string& prompt, const std::string& answer) const;

  // -- as a browser sees it ---------------------------------------------------

  static bool has(const std::string& url);
  fake_document load() const;

  /// Takes a prompt in the conversation of this address, and says where that
  /// is now.
  std::string take(const std::string& url, const std::string& prompt);
  void stop(const std::string& url);

  nlohmann::json look(const std::string& url, const fake_document& in) const;
  nlohmann::json answer(const std::string& url, const fake_document& in) const;
  bool shows(const std::string& url, const fake_document& in,
             const std::string& selector) const;

  /// When what it shows changes next, if it does.
  std::optional<timestamp> next_change(const std::string& url) const;

private:
  const std::vector<fake_turn>& turns(const std::string& url) const;
  answer_view see(const fake_turn& x) const;
  answer_plan draw_plan() const;

  surroundings around_;
  std::map<std::string, std::vector<fake_turn>> talks_; ///< By their address.
  std::vector<taken_prompt> taken_;
  std::optional<answer_plan> plan_;
};

} // namespace berth::tests
