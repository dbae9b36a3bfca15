#include "tests/support/site_pages.hpp"

namespace berth::tests {

page_maker
site_pages(world& where, actors::provider_profiles known, timeouts times) {
  using namespace actors;
  auto all = std::make_shared<const provider_profiles>(std::move(known));
  auto next = std::make_shared<client_id>(first_page);
  return [=, &where](const crew& who, const page_listener_actor& whose,
                     session_id id) {
    client_id holder{next->value++};
    return where.spawn(page,
                       page_start{id, holder, whose, all, times, {}, who});
  };
}

} // namespace berth::tests
