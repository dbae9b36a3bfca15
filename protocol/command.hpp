// Commands: what a holder may do with its tab.
//
// Every command says which lease it speaks for (with the credential that opens
// it), which of the lease's tabs it means, and how long it may take. The door
// checks the credential, the tab the token; it carries the command out in
// Chrome, and answers each one exactly once: with an `outcome` of the kind
// named beside it, or a failure.

#pragma once

#include "protocol/credential.hpp"
#include "protocol/enums.hpp"
#include "protocol/failure.hpp"
#include "protocol/types.hpp"

#include <string>
#include <vector>

namespace berth::protocol {

/// What all commands have in common.
struct addressee {
  lease_credential lease;
  target_id target;  ///< Empty: the lease's own tab. Else one of its popups.
  duration within{}; ///< Zero: the default. Counts from arrival.

  friend bool operator==(const addressee&, const addressee&) = default;
};

/// What a command brought back.
struct answer {
  std::string value;       ///< What it means is said at each command.
  target_id target;        ///< The tab that answered.
  uint64_t generation = 0; ///< Of that tab: grows when it is recovered.

  friend bool operator==(const answer&, const answer&) = default;
};

/// How much of the page must be there before `navigate` answers.
enum class load_state : uint8_t {
  commit, ///< The address changed.
  dom,    ///< DOMContentLoaded.
  load,   ///< The load event.
};

template <>
constexpr load_state last_of() {
  return load_state::load;
}

/// Goes to `url`. Answers with the address it arrived at.
struct navigate {
  addressee to;
  std::string url;
  load_state until = load_state::load;
};

/// Runs JavaScript and waits for its promise, if it returns one. Answers with
/// the result as JSON text; `undefined` is the JSON text `null`.
struct evaluate {
  addressee to;
  std::string expression;
};

/// Waits for the element, scrolls it into view and clicks its middle.
/// Answers with the selector.
struct click {
  addressee to;
  std::string selector; ///< CSS.
};

/// Waits for the element, focuses it and types. Answers with the selector.
struct type_text {
  addressee to;
  std::string selector;
  std::string text;
  bool clear = false;  ///< Empties the field first.
  bool submit = false; ///< Presses Enter afterwards.
};

/// What `wait_for` waits for.
enum class wait_kind : uint8_t {
  visible,    ///< An element that `what` selects is visible.
  attached,   ///< It is in the document.
  hidden,     ///< None is visible.
  text,       ///< The page shows the text `what`.
  expression, ///< The JavaScript `what` is true.
};

template <>
constexpr wait_kind last_of() {
  return wait_kind::expression;
}

/// Survives navigations. Answers with what was waited for.
struct wait_for {
  addressee to;
  wait_kind kind{};
  std::string what;
};

enum class image_format : uint8_t { png, jpeg, webp };

template <>
constexpr image_format last_of() {
  return image_format::webp;
}

/// Answers with the image's bytes.
struct screenshot {
  addressee to;
  image_format format{};
  uint8_t quality = 80; ///< For jpeg and webp.
  bool full_page = false;
};

enum class snapshot_kind : uint8_t {
  text,          ///< What a person could read, as plain text.
  accessibility, ///< The accessibility tree, a line a node, indented.
};

template <>
constexpr snapshot_kind last_of() {
  return snapshot_kind::accessibility;
}

/// Answers with the text.
struct snapshot {
  addressee to;
  snapshot_kind kind{};
};

/// Chooses files in an `<input type=file>`. Paths are the daemon's.
/// Answers with how many.
struct upload {
  addressee to;
  std::string selector;
  std::vector<std::string> paths;
};

/// From now on downloads of this lease go to this directory of the daemon's
/// machine (made if missing). Without it they are refused. Answers with it.
struct set_download_directory {
  addressee to;
  std::string path;
};

/// One CDP call as it is, if a shared browser permits it (`cdp.denied`).
/// Answers with Chrome's `result` as JSON text.
struct call_cdp {
  addressee to;
  std::string method;
  std::string params; ///< JSON text of an object, or empty.
};

/// Brings a lost tab back: at its last address, as a new generation. However
/// many ask at once, one tab is made and all get the same answer: the target.
/// A tab that is not lost answers at once, as it is.
struct recover_tab {
  addressee to;
};

/// What a tab is, without asking Chrome. Answers with JSON: target, url,
/// generation, lost, commands under way.
struct describe_tab {
  addressee to;
};

} // namespace berth::protocol
