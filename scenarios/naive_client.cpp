#include "scenarios/naive_client.hpp"

#include "actors/errors.hpp"

#include <utility>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using self_ptr = naive_client_state::pointer;

constexpr duration chrome_patience = 5s;

port_call about(const char* method, const target_id& which) {
  return {
    method, json{{"targetId", which.value}, {"flatten", true}}.dump(), {}};
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
  naive_row row{{{++with.disk->names}, {}}, with.who.client, x.key, {}, 1};
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
  note(event_kind::lease_bound, row);
  row.lease.token = {1, ++with.disk->writes};
  auto add = [=](naive_rows& all) {
    all[row.lease.lease] = row;
  };
  rewrite(add, [=, this] {
    note(event_kind::lease_granted, row);
    then(grant{row.lease, row.key, {}, {}, row.target, 1, heartbeat_max});
  });
}

// -- driving ------------------------------------------------------------------

/// Looks whether the tab is there, then uses it. Nobody looks at the token.
void naive_client_state::drive(const addressee& to, const port_call& what,
                               const told<answer>& then) {
  auto which = to.lease.lease;
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
    auto look = about("Target.attachToTarget", row->target);
    ask_chrome(look, [=](outcome<json> x) {
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
  auto row = find(to.lease.lease);
  if (!row) {
    then(no_lease(to.lease.lease));
    return;
  }
  later([=, this] {
    auto look = about("Target.getTargetInfo", row->target);
    ask_chrome(look, [=, this](outcome<json> x) {
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
  with.disk->heartbeats[with.who.client] = self->clock().now();
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

// -- steps --------------------------------------------------------------------

void naive_client_state::later(std::function<void()> step) {
  next_step next{std::move(step)};
  if (auto slowness = with.journal->slowness; slowness > duration{0})
    self->delayed_send(self, slowness, std::move(next));
  else
    self->send(self, std::move(next));
}

void naive_client_state::rewrite(std::function<void(naive_rows&)> change,
                                 std::function<void()> then) {
  later([=, this, rows = with.disk->rows]() mutable {
    change(rows);
    with.disk->rows = rows;
    then();
  });
}

void naive_client_state::ask_chrome(port_call what, const told<json>& then) {
  self->request(with.chrome, chrome_patience, std::move(what))
    .then(
      [=](const std::string& x) {
        then(json::parse(x));
      },
      [=](const caf::error& why) {
        then(actors::to_failure(why));
      });
}

std::optional<naive_row> naive_client_state::find(lease_id which) const {
  auto i = with.disk->rows.find(which);
  return i == with.disk->rows.end() ? std::nullopt : std::optional{i->second};
}

/// What an observer of files and tabs sees. Its slot is the tab that a client
/// has made up its mind to have.
void naive_client_state::note(event_kind what, const naive_row& row,
                              const char* detail) {
  event seen;
  seen.kind = what;
  seen.lease = row.lease.lease;
  seen.token = row.lease.token;
  seen.client = row.client;
  seen.slot = {row.lease.lease.value};
  seen.key = row.key.value;
  seen.target = row.target.value;
  seen.generation = row.generation;
  seen.detail = detail;
  with.journal->entries.push_back({self->clock().now(), std::move(seen)});
}

void naive_client_state::note_end(const naive_row& row, end_reason why) {
  note(event_kind::lease_ended, row, to_string(why));
  note(event_kind::slot_returned, row);
}

// -- the door -----------------------------------------------------------------

namespace {

/// Runs `act` with what tells the one who asked.
template <class T, class Act>
caf::result<T> answers(self_ptr self, Act act) {
  auto promise = self->make_response_promise();
  act([promise](outcome<T> x) mutable {
    if (!x)
      promise.deliver(actors::to_error(x.error()));
    else if constexpr (std::is_void_v<T>)
      promise.deliver(caf::unit);
    else
      promise.deliver(std::move(*x));
  });
  return promise;
}

/// No agent of a swarm asks for this.
template <class Request, class T>
auto refuses() {
  return [](const Request&) -> caf::result<T> {
    return actors::to_error(
      fail(errc::method_denied, "The naive model has nothing of the kind."));
  };
}

} // namespace

naive_client_shell::behavior_type
naive_client(self_ptr self, const naive_start& with) {
  auto& state = self->state;
  state.with = with;
  state.beat();
  self->monitor(with.who.watcher);
  self->set_down_handler([self](const caf::down_msg& down) {
    self->quit(down.reason);
  });
  auto drive = [self](const addressee& to, port_call what) {
    return answers<answer>(self, [&](auto then) {
      self->state.drive(to, what, then);
    });
  };
  return {
    [self](const acquire& x) {
      return answers<grant>(self, [&](auto then) {
        self->state.take_tab(x, then);
      });
    },
    [&state](const renew_lease&) -> caf::result<duration> {
      return state.beat();
    },
    [self](const release_lease& x) {
      return answers<void>(self, [&](auto then) {
        self->state.release(x.lease.lease, then);
      });
    },
    [&state](const get_status&) -> caf::result<status> {
      return state.list();
    },
    [drive](const navigate& x) {
      return drive(x.to, {"Page.navigate", json{{"url", x.url}}.dump(), {}});
    },
    [drive](const evaluate& x) {
      json params{{"expression", x.expression}, {"returnByValue", true}};
      return drive(x.to, {"Runtime.evaluate", params.dump(), {}});
    },
    [self](const recover_tab& x) {
      return answers<answer>(self, [&](auto then) {
        self->state.recover(x.to, then);
      });
    },
    [self](const actors::goodbye&) -> caf::result<void> {
      self->quit();
      return caf::unit;
    },
    [](const next_step& x) {
      x.what();
    },
    refuses<revoke_lease, void>(),
    refuses<cancel_ticket, void>(),
    refuses<actors::watch_all, void>(),
    refuses<actors::get_recent, events>(),
    refuses<click, answer>(),
    refuses<type_text, answer>(),
    refuses<wait_for, answer>(),
    refuses<screenshot, answer>(),
    refuses<snapshot, answer>(),
    refuses<upload, answer>(),
    refuses<set_download_directory, answer>(),
    refuses<call_cdp, answer>(),
    refuses<describe_tab, answer>(),
  };
}

} // namespace berth::scenarios
