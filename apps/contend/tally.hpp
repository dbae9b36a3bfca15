#pragma once

#include "apps/agent/line.hpp"
#include "apps/contend/chronicle.hpp"
#include "protocol/event.hpp"

#include <map>
#include <set>

namespace berth::apps::contend {

/// Writes the chronicle of a run: from what the daemon tells, what the agents
/// say, and what we do to them. Events and lines may come in any order between
/// them.
///
/// Invariants: an open holding has a lane of its own; a lease is held once.
class tally {
public:
  // -- what we do

  void join(const std::string& name, size_t seat, bool by_cli, duration at);
  void strike(fault what, const std::string& whom,
              const protocol::target_id& target, duration at);
  /// It has ended with this exit status.
  void leave(const std::string& name, int exit, duration at);

  // -- what we are told

  /// Of another crew: slots of leases that it does not know are free, and
  /// nobody waits any more.
  void begin_epoch(duration at);

  void hear(const protocol::event& x);
  void hear(const agent_line& x);

  // -- what is so now

  const chronicle& so_far() const {
    return all_;
  }

  /// What it drives now; none if it drives nothing.
  const holding* held_by(const std::string& agent) const;

  /// None if it is over, or never was.
  const holding* find(protocol::lease_id which) const;

  bool waits(const std::string& agent) const;

  size_t waiting() const {
    return tickets_.size();
  }

  size_t tabs() const {
    return lanes_.size();
  }

private:
  using event = protocol::event;

  agent_record* find(const std::string& name);
  holding* open_holding(protocol::lease_id which);
  std::optional<size_t> owner_of(const event& x) const;
  void begin(const event& x);
  void note_lease(const event& x);
  void finish(protocol::slot_id slot, duration at);
  void note_loss(const event& x);
  void note_recovery(const event& x);
  void note_failure(agent_record& who, const protocol::failure& why);
  bool explained(const agent_record& who, protocol::errc code) const;
  void queue_changed(duration at);
  /// The first one that was not seen yet.
  template <class Meant>
  void saw(duration at, Meant is_meant);

  chronicle all_;
  std::map<std::string, size_t> agents_;
  std::map<protocol::client_id, std::string> clients_;
  std::map<protocol::lease_id, size_t> told_; ///< By its holder, an agent.
  std::map<protocol::lease_id, size_t> open_;
  std::map<protocol::slot_id, size_t> lanes_;
  std::map<protocol::ticket_id, protocol::client_id> tickets_;
};

} // namespace berth::apps::contend
