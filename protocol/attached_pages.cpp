#include "protocol/attached_pages.hpp"

#include <utility>

namespace berth::protocol {

void attached_pages::attach(const target_id& page, attachment what) {
  detach(page);
  pages_[what.session] = page;
  sessions_[page] = std::move(what);
}

std::optional<attached_pages::attachment>
attached_pages::detach(const target_id& page) {
  auto entry = sessions_.extract(page);
  if (!entry)
    return std::nullopt;
  pages_.erase(entry.mapped().session);
  return std::move(entry.mapped());
}

std::optional<attachment_id>
attached_pages::session_of(const target_id& page) const {
  auto i = sessions_.find(page);
  if (i == sessions_.end())
    return std::nullopt;
  return i->second.session;
}

target_id attached_pages::page_in(const attachment_id& session) const {
  auto i = pages_.find(session);
  return i == pages_.end() ? target_id{} : i->second;
}

std::vector<target_id> attached_pages::pages() const {
  std::vector<target_id> result;
  for (const auto& [page, attached] : sessions_)
    result.push_back(page);
  return result;
}

} // namespace berth::protocol
