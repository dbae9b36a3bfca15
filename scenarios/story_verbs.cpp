// What agents do in stories.

#include "scenarios/story.hpp"

#include <utility>

namespace berth::scenarios {

namespace {

std::string generation(const answer& x) {
  return "generation " + std::to_string(x.generation);
}

} // namespace

const std::map<std::string, story::handler>& story::verbs() {
  static const std::map<std::string, handler> result{
    {"acquires", &story::acquire},   {"renews", &story::renew},
    {"releases", &story::release},   {"goes", &story::go},
    {"evaluates", &story::evaluate}, {"clicks", &story::click},
    {"recovers", &story::recover},   {"cancels", &story::cancel},
    {"asks", &story::ask_status},    {"says", &story::say_goodbye},
    {"comes", &story::come_back},    {"revokes", &story::revoke},
    {"opens", &story::open_session}, {"sends", &story::send},
    {"queries", &story::query},      {"polls", &story::poll},
    {"stops", &story::stop},         {"switches", &story::switch_provider},
    {"drains", &story::drain},       {"undrains", &story::undrain},
    {"restarts", &story::restart},   {"removes", &story::remove},
    {"adds", &story::add},           {"watches", &story::watch},
    {"shows", &story::show},         {"reattaches", &story::reattach},
    {"closes", &story::close},
  };
  return result;
}

/// Whoever names a lease in a story has its credential, unless it is `guessed`.
lease_credential story::ref(const person& who, words& line) {
  auto which = parse_lease_ref(line.after("with")).value_or(who.held.lease.ref);
  return line.take("guessed") ? lease_credential{which} : tests::proven(which);
}

addressee story::to(const person& who, words& line) {
  return {ref(who, line), {}, line.time_after("within")};
}

void story::acquire(person& who, words& line) {
  protocol::acquire what;
  what.wait = line.time_after("within");
  what.ttl = line.time_after("for");
  what.grace = line.time_after("grace");
  what.browser = {line.after("in")};
  if (line.take("isolated"))
    what.profile = profile_kind::isolated;
  if (line.take("lasting"))
    what.kind = holder_kind::session;
  what.key = {line.next()};
  ask<grant>(who, what, [&who](const grant& x) {
    who.held = x;
    return to_words(x);
  });
}

void story::renew(person& who, words& line) {
  auto ttl = line.time_after("for");
  ask<duration>(who, renew_lease{ref(who, line), ttl}, [](duration x) {
    return "renewed for " + to_string(x);
  });
}

void story::release(person& who, words& line) {
  ask<tests::nothing>(who, release_lease{ref(who, line)},
                      [](tests::nothing) -> std::string {
                        return "released";
                      });
}

void story::revoke(person& who, words& line) {
  ask<tests::nothing>(who, revoke_lease{ref(who, line).ref.lease},
                      [](tests::nothing) -> std::string {
                        return "revoked";
                      });
}

void story::change(person& who, words& line, browser_change what) {
  ask<browser_view>(who, change_browser{{line.next()}, what},
                    [](const browser_view& x) {
                      return to_words(x);
                    });
}

void story::drain(person& who, words& line) {
  change(who, line, browser_change::drain);
}

void story::undrain(person& who, words& line) {
  change(who, line, browser_change::undrain);
}

void story::restart(person& who, words& line) {
  change(who, line, browser_change::restart);
}

void story::remove(person& who, words& line) {
  change(who, line, browser_change::remove);
}

void story::add(person& who, words& line) {
  add_browser what;
  what.name = {line.next()};
  ask<browser_view>(who, what, [](const browser_view& x) {
    return to_words(x);
  });
}

void story::go(person& who, words& line) {
  auto url = line.after("to");
  navigate what{to(who, line), url};
  ask<answer>(who, what, [](const answer& x) {
    return "is at " + x.value;
  });
}

void story::evaluate(person& who, words& line) {
  auto expression = line.next();
  ask<answer>(who, protocol::evaluate{to(who, line), expression},
              [](const answer& x) {
                return "gets " + x.value;
              });
}

void story::click(person& who, words& line) {
  auto selector = line.next();
  ask<answer>(who, protocol::click{to(who, line), selector},
              [](const answer& x) {
                return "clicked " + x.value;
              });
}

void story::recover(person& who, words& line) {
  ask<answer>(who, recover_tab{to(who, line)}, [&who](const answer& x) {
    auto same = std::exchange(who.held.target, x.target) == x.target;
    return (same ? "has the same tab, " : "has a new tab, ") + generation(x);
  });
}

void story::cancel(person& who, words&) {
  ask<tests::nothing>(who, cancel_ticket{{}, who.ticket},
                      [](tests::nothing) -> std::string {
                        return "cancelled";
                      });
}

void story::ask_status(person& who, words&) {
  ask<status>(who, get_status{}, [](const status& x) {
    return to_words(x);
  });
}

void story::say_goodbye(person& who, words&) {
  ask<tests::nothing>(who, actors::goodbye{},
                      [](tests::nothing) -> std::string {
                        return "goodbye";
                      });
}

void story::come_back(person& who, words&) {
  who.self.join();
}

} // namespace berth::scenarios
