#include "tests/support/scripted_pages.hpp"

namespace berth::tests {

namespace {

/// The conversation gets its address with the first prompt.
std::string address_of(session_id which) {
  return "https://chat.example/c/" + std::to_string(which.value);
}

} // namespace

scripted_pages::scripted_pages(world& where) : where_{where} {
  // nop
}

page_maker scripted_pages::maker() {
  return [this](const actors::crew&, const actors::page_listener_actor& session,
                session_id which) {
    auto& mine = (*pages_)[which];
    mine.session = session;
    mine.self = where_.spawn(&scripted_pages::play, pages_, which);
    ++mine.made;
    return mine.self;
  };
}

std::vector<session_id> scripted_pages::known() const {
  std::vector<session_id> result;
  for (const auto& [id, x] : *pages_)
    result.push_back(id);
  return result;
}

void scripted_pages::kill(session_id which) {
  where_.kill((*pages_)[which].self);
}

actors::page_actor::behavior_type
scripted_pages::play(actors::page_actor::pointer self,
                     const std::shared_ptr<pages>& all, session_id mine) {
  auto note = [=](const auto& x) -> page& {
    auto& me = (*all)[mine];
    me.acts.push_back(x);
    me.latest = x.run;
    return me;
  };
  auto tell = [=](const page& me, run_ref from, auto what) {
    self->send(me.session, page_report{from, std::move(what)});
  };
  return {
    [=](const begin_run& x) {
      auto& me = note(x);
      if (!me.does.sends)
        return;
      tell(me, x.run, page_named{address_of(mine), "A talk"});
      tell(me, x.run, prompt_seen{});
    },
    [=](const halt_run& x) {
      if (auto& me = note(x); me.does.stops)
        tell(me, x.run, page_ended{});
    },
    [=](const recover_tab_of& x) {
      if (auto& me = note(x); me.does.recovers)
        tell(me, x.run, tab_back{});
    },
    [=](const confirm_prompt& x) {
      if (auto& me = note(x); me.does.recovers)
        tell(me, x.run, prompt_seen{});
    },
    [=](const follow_run& x) {
      note(x);
    },
    [=](const join_line& x) {
      note(x);
    },
    [=](const leave_line& x) {
      (*all)[mine].acts.push_back(x);
    },
    [=](const discard_tab& x) {
      if (auto& me = note(x); me.does.closes)
        tell(me, x.run, protocol::tab_gone{loss_cause::closed});
    },
    [=](const leave_tab& x) {
      (*all)[mine].acts.push_back(x);
      self->quit();
    },
  };
}

} // namespace berth::tests
