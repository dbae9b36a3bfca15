// The journal as a file: SQLite with a write-ahead log. What `append` has
// answered is there after the death of this process at any instant; with
// durability `full`, after a power failure, too.

#pragma once

#include "protocol/journal_state.hpp"

#include "journal/file.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace berth::journal {

using protocol::journal_entry;
using protocol::journal_state;
using protocol::succession;

struct store_options {
  std::string path;
  protocol::journal_limits limits;
  size_t runs_kept_max = 8; ///< Of a session, when over.
  /// What time it is, by both clocks.
  std::function<protocol::calendar()> clock = today;
};

/// Only one epoch writes: who begins a later one, in this process or another,
/// fences all who append under an earlier one. May be used by several threads.
class store {
public:
  /// Makes the file if there is none, and brings an older one up to date.
  /// Fails with `journal.damaged`, `journal.newer` or `journal.failed`, and
  /// then has not changed the file.
  static outcome<std::shared_ptr<store>> open(const store_options& how);

  /// Begins an epoch over all before it and `above`. What does not outlive the
  /// last crew is over from then on, in the same transaction. Asks `may` when
  /// nobody else can begin one any more; fails with `journal.fenced` if not.
  outcome<succession> begin_epoch(uint64_t above, protocol::timestamp now,
                                  const std::function<bool()>& may = {});

  /// Writes all of it down in one transaction, or nothing. Fails with
  /// `journal.failed` or `journal.fenced`.
  outcome<void> append(uint64_t epoch, const std::vector<journal_entry>& what);

  /// What is durable of this session; none: it is not open.
  outcome<std::optional<protocol::session_row>>
  recall(protocol::session_id which);

  /// What is true by the file.
  outcome<journal_state> load();

private:
  /// Of one table.
  struct verbs {
    statement put;
    statement drop;
  };

  store(store_options how, database file);

  outcome<void> prepare();
  outcome<void> reload();
  void keep_time(protocol::journal_changes& changed);
  outcome<void> write(uint64_t epoch, const std::vector<journal_entry>& what);
  outcome<void> write_audit(const protocol::event& what, uint64_t epoch,
                            protocol::timestamp at);
  outcome<void> write_rows(const protocol::journal_changes& changed);
  outcome<void> drop_oldest(uint64_t added);
  outcome<void> finish(outcome<void> so_far);

  template <class Row>
  outcome<void> write_row(const Row* x, const cells& keys);

  store_options how_;
  protocol::calendar when_; ///< By which rows are written and read,
  protocol::calendar kept_; ///< and by which those that are durable were.
  database file_;
  std::mutex mutex_; ///< Guards all that follows, and the file.
  std::map<const protocol::table*, verbs> sql_;
  std::vector<statement> trim_; ///< One: drops events before a serial.
  journal_state state_;
  bool stale_ = true; ///< `state_` is not what the file says.
  uint64_t first_serial_ = 1;
  uint64_t last_serial_ = 0;
};

} // namespace berth::journal
