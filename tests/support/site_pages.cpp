#include "tests/support/site_pages.hpp"

namespace berth::tests {

page_maker
site_pages(world& where, actors::provider_profiles known, timeouts times) {
  using namespace actors;
  auto all = std::make_shared<const provider_profiles>(std::move(known));
  auto made = std::make_shared<uint64_t>(0);
  return [=, &where](const crew& who, const page_listener_actor& whose,
                     session_id id) {
    return where.spawn(
      page, page_start{id, holder_of(id, ++*made), whose, all, times, {}, who});
  };
}

} // namespace berth::tests
