#include "scenarios/naive_client.hpp"

#include "actors/errors.hpp"

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using self_ptr = naive_client_state::pointer;

constexpr duration chrome_patience = 5s;

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

caf::result<session_view> give(const outcome<session_view>& x) {
  if (!x)
    return actors::to_error(x.error());
  return *x;
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

// -- steps --------------------------------------------------------------------

void naive_client_state::later(std::function<void()> step) {
  next_step next{std::move(step)};
  if (auto slowness = with.journal->slowness; slowness > duration{0})
    self->delayed_send(self, slowness, std::move(next));
  else
    self->send(self, std::move(next));
}

void naive_client_state::rewrite(const std::function<void(naive_rows&)>& change,
                                 const std::function<void()>& then) {
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

/// One entry for each message that there is.
// NOLINTNEXTLINE(readability-function-size)
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
        self->state.release(x.lease.ref.lease, then);
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
    refuses<cancel_ticket, void>(),
    refuses<click, answer>(),
    refuses<type_text, answer>(),
    refuses<wait_for, answer>(),
    refuses<screenshot, answer>(),
    refuses<snapshot, answer>(),
    refuses<upload, answer>(),
    refuses<set_download_directory, answer>(),
    refuses<call_cdp, answer>(),
    refuses<describe_tab, answer>(),
    [self](const open_session& x) {
      return give(self->state.open_talk(x));
    },
    [self](const send_prompt& x) {
      return answers<run_view>(self, [&](auto then) {
        self->state.send(x, then);
      });
    },
    [self](const poll_run& x) {
      return answers<run_view>(self, [&](auto then) {
        self->state.poll(x, then);
      });
    },
    [self](const stop_run& x) {
      return answers<run_view>(self, [&](auto then) {
        self->state.stop(x, then);
      });
    },
    [self](const switch_provider& x) {
      return give(self->state.switch_talk(x));
    },
    [self](const reattach_session& x) {
      return give(self->state.show_talk(x.session));
    },
    [self](const close_session& x) {
      return give(self->state.close_talk(x.session));
    },
    [self](const show_session& x) {
      return give(self->state.show_talk(x.session));
    },
    [self](const list_sessions&) -> caf::result<session_list> {
      return self->state.list_talks();
    },
    refuses<watch_session, session_view>(),
  };
}

} // namespace berth::scenarios
