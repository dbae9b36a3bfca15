#include "actors/peer_book.hpp"

#include <algorithm>

namespace berth::actors {

bool peer_book::note(const caf::node_id& node, peer who) {
  return pages_.emplace(node, page{who, {}, {}, {}, {}}).second;
}

void peer_book::forget(const caf::node_id& node) {
  pages_.erase(node);
}

std::optional<peer> peer_book::find(const caf::node_id& node) const {
  auto i = pages_.find(node);
  if (i == pages_.end())
    return std::nullopt;
  return i->second.who;
}

void peer_book::add_client(const caf::node_id& node, uint64_t client,
                           uint64_t desk) {
  auto i = pages_.find(node);
  if (i == pages_.end())
    return;
  auto& known = i->second;
  known.living.insert(client);
  known.clients.insert(client);
  if (desk != 0)
    known.desks.emplace(desk, client);
  if (known.clients.size() > clients_max) {
    auto ended = std::ranges::find_if(known.clients, [&](uint64_t x) {
      return !known.living.contains(x);
    });
    if (ended != known.clients.end()) {
      std::erase_if(known.desks, [&](const auto& x) {
        return x.second == *ended;
      });
      known.clients.erase(ended);
    }
  }
  known.idle.reset();
  if (on_change)
    on_change();
}

void peer_book::end_client(const caf::node_id& node, uint64_t client) {
  auto i = pages_.find(node);
  if (i == pages_.end())
    return;
  auto& [who, clients, desks, living, idle] = i->second;
  if (living.erase(client) == 0 || !living.empty())
    return;
  idle = std::chrono::steady_clock::now();
  if (on_change)
    on_change();
}

bool peer_book::is_client(const caf::node_id& node, uint64_t actor) const {
  auto i = pages_.find(node);
  return i != pages_.end() && i->second.clients.contains(actor);
}

bool peer_book::is_desk(const caf::node_id& node, uint64_t actor) const {
  auto i = pages_.find(node);
  return i != pages_.end() && i->second.desks.contains(actor);
}

size_t peer_book::living(const caf::node_id& node) const {
  auto i = pages_.find(node);
  return i == pages_.end() ? 0 : i->second.living.size();
}

bool peer_book::is_welcome(const caf::node_id& node) const {
  auto i = pages_.find(node);
  return i != pages_.end() && !i->second.living.empty();
}

std::optional<std::chrono::steady_clock::time_point>
peer_book::idle_since(const caf::node_id& node) const {
  auto i = pages_.find(node);
  return i == pages_.end() ? std::nullopt : i->second.idle;
}

} // namespace berth::actors
