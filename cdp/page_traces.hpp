// Where a tab may have left something that outlives its pages: a tab has a
// sessionStorage for every origin that it showed, and frames have their own.
// Only a document of that origin can clear it.

#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace berth::cdp {

/// `https://host:port`; empty if documents of this address store nothing.
std::string origin_of(std::string_view url);

class page_traces {
public:
  /// The main frame shows this now.
  void document(std::string_view url);

  /// A frame within it does; `nested`: its parent is another frame.
  void frame(std::string_view url, bool nested);

  /// The same, where the main frame shows `top`.
  void frame_within(std::string_view top, std::string_view url, bool nested);

  void add(const page_traces& more);

  /// Nobody knows all that it showed.
  void lose_track();

  /// Few enough, and only what can be shown again.
  bool can_be_cleaned() const;

  /// What has to be cleared: for each origin of the main frame those of its
  /// frames.
  const std::map<std::string, std::set<std::string>>& origins() const {
    return origins_;
  }

private:
  void note(const std::string& top, const std::string& origin);

  std::string top_;
  std::map<std::string, std::set<std::string>> origins_;
  bool lost_ = false;
};

// -- what is shown in the place of the pages, so that none of their scripts
//    run: with `clean_origin`, that origin tells when it and its frames have
//    nothing stored any more

std::string clearing_page(const std::set<std::string>& frames);
std::string clearing_frame();

/// For `Runtime.evaluate`: a promise of the origin that is clean now.
inline constexpr const char* clean_origin = "clean";

/// In the empty page in the end. True if nothing of the last holder's is there.
std::string check_blank();

} // namespace berth::cdp
