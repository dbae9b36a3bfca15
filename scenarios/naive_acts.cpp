// What a naive client does when it is asked to.

#include "scenarios/naive_client.hpp"

namespace berth::scenarios {

namespace {

using nlohmann::json;

port_call about(const char* method, const target_id& which) {
  return {method, json{{"targetId", which.value}}.dump(), {}};
}

std::vector<target_id> read_pages(const json& x) {
  std::vector<target_id> result;
  for (auto& info : x.at("targetInfos"))
    result.push_back({info.value("targetId", "")});
  return result;
}

failure no_lease(lease_id which) {
  return fail(errc::lease_gone,
              "The list has no lease " + std::to_string(which.value) + ".");
}

/// Chrome's words are all that a naive client has to go by.
failure to_loss(failure why, const naive_row& row) {
  if (why.code != errc::cdp_error)
    return why;
  why.code = errc::tab_lost;
  why.generation = row.generation;
  why.cause = loss_cause::destroyed;
  why.restorable = true;
  return why;
}

answer to_answer(std::string value, const naive_row& row) {
  return {std::move(value), row.target, row.generation};
}

/// What a script returned; of a navigation, where it went.
std::string read_value(const port_call& what, const json& x) {
  if (what.method == "Runtime.evaluate")
    return x.at("result").value("value", json{}).dump();
  return json::parse(what.params).value("url", "");
}

} // namespace

// -- acquiring ----------------------------------------------------------------

/// Counts what is listed, and then takes one more.
void naive_client_state::take_tab(const acquire& x, const told<grant>& then) {
  beat();
  auto room = has_room(*with.disk, x.key, with.how.admission);
  naive_row row{{{++with.disk->ids}, {}}, with.id, x.key, {}, 1};
  later([=, this] {
    if (room) {
      note(event_kind::slot_granted, row);
      find_tab(row, then);
      return;
    }
    clean_up();
    then(fail(errc::capacity, "There is no room."));
  });
}

/// Prefers a tab that seems to be nobody's to a new one.
void naive_client_state::find_tab(const naive_row& row,
                                  const told<grant>& then) {
  auto take = [=, this](const target_id& found) {
    auto mine = row;
    mine.target = found;
    bind(mine, then);
  };
  auto give_up = [=, this](const failure& why) {
    note(event_kind::slot_returned, row);
    then(why);
  };
  ask_chrome({"Target.getTargets", "{}", {}}, [=, this](outcome<json> x) {
    if (!x) {
      give_up(x.error());
      return;
    }
    if (auto free = find_unclaimed(with.disk->rows, read_pages(*x))) {
      take(*free);
      return;
    }
    ask_chrome({"Target.createTarget", R"({"url":"about:blank"})", {}},
               [=](outcome<json> made) {
                 if (made)
                   take({made->value("targetId", "")});
                 else
                   give_up(made.error());
               });
  });
}

/// The tab is bound first; its row is written then.
void naive_client_state::bind(naive_row row, const told<grant>& then) {
  row.lease.token = {1, ++with.disk->tokens};
  note(event_kind::lease_bound, row);
  auto add = [=](naive_rows& all) {
    all[row.lease.lease] = row;
  };
  rewrite(add, [=, this] {
    note(event_kind::lease_granted, row);
    then(grant{row.lease, row.key, {}, {}, row.target, 1, heartbeat_max, {}});
  });
}

// -- driving ------------------------------------------------------------------

/// Looks whether the tab is there, then uses it. Nobody looks at the token.
void naive_client_state::drive(const addressee& to, const port_call& what,
                               const told<answer>& then) {
  auto which = to.lease.ref.lease;
  auto row = find(which);
  if (!row) {
    then(no_lease(which));
    return;
  }
  with.disk->busy.insert(which);
  auto done = [=, this](outcome<answer> x) {
    with.disk->busy.erase(which);
    then(std::move(x));
  };
  auto use = [=, this](const std::string& session) {
    ask_chrome({what.method, what.params, session}, [=](outcome<json> x) {
      if (x)
        done(to_answer(read_value(what, *x), *row));
      else
        done(x.error());
    });
  };
  later([=, this] {
    json look{{"targetId", row->target.value}, {"flatten", true}};
    ask_chrome({"Target.attachToTarget", look.dump(), {}},
               [=](outcome<json> x) {
                 if (x)
                   use(x->value("sessionId", ""));
                 else
                   done(to_loss(x.error(), *row));
               });
  });
}

/// Whoever finds the tab gone makes one.
void naive_client_state::recover(const addressee& to,
                                 const told<answer>& then) {
  auto row = find(to.lease.ref.lease);
  if (!row) {
    then(no_lease(to.lease.ref.lease));
    return;
  }
  later([=, this] {
    auto look = about("Target.getTargetInfo", row->target);
    ask_chrome(look, [=, this](const outcome<json>& x) {
      if (x)
        then(to_answer(row->target.value, *row));
      else if (x.error().code == errc::cdp_error)
        make_anew(*row, then);
      else
        then(x.error());
    });
  });
}

void naive_client_state::make_anew(naive_row row, const told<answer>& then) {
  ask_chrome({"Target.createTarget", R"({"url":"about:blank"})", {}},
             [=, this](outcome<json> x) mutable {
               if (!x) {
                 then(x.error());
                 return;
               }
               row.target = {x->value("targetId", "")};
               ++row.generation;
               note(event_kind::lease_bound, row);
               note(event_kind::tab_recovered, row);
               auto replace = [=](naive_rows& all) {
                 if (auto i = all.find(row.lease.lease); i != all.end())
                   i->second = row;
               };
               rewrite(replace, [=] {
                 then(to_answer(row.target.value, row));
               });
             });
}

// -- giving back --------------------------------------------------------------

void naive_client_state::release(lease_id which, const told<void>& then) {
  auto row = find(which);
  if (!row) {
    then(no_lease(which));
    return;
  }
  auto close = about("Target.closeTarget", row->target);
  ask_chrome(close, [=, this](const outcome<json>&) {
    auto remove = [=](naive_rows& all) {
      all.erase(which);
    };
    rewrite(remove, [=, this] {
      note_end(*row, end_reason::released);
      then({});
    });
  });
}

/// For want of room: whoever was not heard of is taken for dead.
void naive_client_state::clean_up() {
  auto dead = find_stale(*with.disk, self->clock().now());
  if (dead.empty())
    return;
  for (auto& [which, row] : dead)
    ask_chrome(about("Target.closeTarget", row.target),
               [](const outcome<json>&) {});
  auto remove = [=](naive_rows& all) {
    for (auto& [which, row] : dead)
      all.erase(which);
  };
  rewrite(remove, [=, this] {
    for (auto& [which, row] : dead)
      note_end(row, end_reason::client_gone);
  });
}

/// A lease has no deadline: this is how long its holder may be silent.
duration naive_client_state::beat() {
  with.disk->heartbeats[with.id] = self->clock().now();
  return heartbeat_max;
}

status naive_client_state::list() const {
  status result;
  for (auto& [which, row] : with.disk->rows) {
    lease_view seen;
    seen.lease = which;
    seen.key = row.key;
    seen.state = lease_state::bound;
    seen.client = row.client;
    seen.target = row.target;
    seen.generation = row.generation;
    result.leases.push_back(std::move(seen));
  }
  return result;
}

} // namespace berth::scenarios
