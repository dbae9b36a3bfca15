#pragma once

#include "protocol/config.hpp"
#include "protocol/event.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace berth::actors {

/// Downloads of one Chrome, which puts every file into one directory under a
/// name of its own. Here it gets to the lease whose page began it, or to
/// nobody: then it is cancelled, and its lease is told why.
///
/// Invariant: a download that ends while its lease is there is told once.
class browser_downloads {
public:
  static constexpr std::ptrdiff_t of_lease_max = 16; ///< At once.
  /// Files that are copied at once, each by a thread: a disk may not answer.
  static constexpr int copies_max = 8;

  /// The lease whose page downloads something.
  struct holder {
    protocol::lease_id lease;
    protocol::client_id client;
    std::string directory; ///< Where it wants files; empty: it wants none.
  };

  /// Whom this works for.
  struct host {
    std::function<std::optional<holder>(protocol::lease_id)> find;
    std::function<void(protocol::event)> tell;
    std::function<void(const std::string& guid)> cancel; ///< In Chrome.
    /// Runs it on a thread of its own, and tells what it returns.
    std::function<void(std::function<protocol::event()>)> copy;
  };

  browser_downloads() = default;

  /// @param arrivals Where Chrome puts files.
  browser_downloads(std::filesystem::path arrivals, protocol::config how,
                    host whom);

  /// `Browser.downloadWillBegin`, on a page of this lease; none: nobody's.
  void begins(const nlohmann::json& what, const std::optional<holder>& whose);

  /// `Browser.downloadProgress`
  void moves(const nlohmann::json& what);

  /// The lease is over. Chrome goes on with a download when its tab is closed.
  void cancel(protocol::lease_id whose);

  /// Their Chrome is gone, and nobody will finish them.
  void discard();

private:
  struct download {
    protocol::lease_id lease;
    protocol::target_id target;
    std::string file; ///< The name that the page suggests.
  };

  std::string refuse(const std::optional<holder>& whose) const;
  void deliver(const std::filesystem::path& from, const std::string& file,
               const std::string& directory, protocol::event told);
  void drop(const std::filesystem::path& file, protocol::event told);

  std::filesystem::path arrivals_;
  protocol::config how_;
  host host_;
  std::map<std::string, download> downloads_; ///< By Chrome's guid.
  std::shared_ptr<std::atomic<int>> copies_
    = std::make_shared<std::atomic<int>>(0);
};

} // namespace berth::actors
