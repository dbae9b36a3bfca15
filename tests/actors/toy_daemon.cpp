#include "tests/actors/toy_daemon.hpp"

namespace berth::test {

using namespace actors;

struct toy_daemon::shared {
  toy_script script;
  std::mutex mutex;
  watcher_actor watcher;
  std::vector<caf::strong_actor_ptr> crew; ///< To be ended with the daemon.
};

namespace {

/// Writes the command down and answers with its name.
template <class Command>
auto echo(const std::shared_ptr<diary>& book, const std::string& name) {
  return [=](const Command&) -> caf::result<answer> {
    book->write(name);
    return answer{name, target_id{"T"}, 1};
  };
}

/// Writes the request down and answers with nothing in particular.
template <class Request, class View>
auto show(const std::shared_ptr<diary>& book, const std::string& name) {
  return [=](const Request&) -> caf::result<View> {
    book->write(name);
    return View{};
  };
}

/// Everybody is one here.
operator_actor::behavior_type
toy_operator(operator_actor::pointer, const std::shared_ptr<diary>& book) {
  return {
    [=](const revoke_lease&) {
      book->write("revoke");
    },
    show<change_browser, browser_view>(book, "change_browser"),
    show<add_browser, browser_view>(book, "add_browser"),
    [=](const watch_all&) {
      book->write("watch_all");
    },
    [=](const get_recent&) {
      return events(2);
    },
  };
}

client_actor::behavior_type
toy_client(client_actor::pointer self, const std::shared_ptr<diary>& book,
           toy_script script) {
  return {
    [=, last = uint64_t{0}](const acquire& what) mutable {
      book->write("acquire");
      grant result;
      result.lease = lease_ref{lease_id{++last}, {1, last}};
      result.key = what.key;
      result.expires_in = script.ttl;
      return result;
    },
    [=](const renew_lease&) -> caf::result<duration> {
      book->write("renew");
      if (script.on_renew != errc::ok)
        return to_error(fail(script.on_renew, "says the script"));
      return script.ttl;
    },
    [=](const release_lease&) {
      book->write("release");
    },
    [=](const cancel_ticket&) -> caf::result<void> {
      return to_error(fail(errc::ticket_unknown, "there are no tickets"));
    },
    [=](const get_status&) {
      book->write("status");
      status result;
      result.version = "toy";
      return result;
    },
    echo<navigate>(book, "navigate"),
    [=](const evaluate& what) -> caf::result<answer> {
      book->write(what.expression);
      if (what.expression == "never")
        self->make_response_promise(); // Dropped: no answer ever comes.
      else
        return answer{what.expression, target_id{"T"}, 1};
      return caf::delegated<answer>{};
    },
    echo<click>(book, "click"),
    echo<type_text>(book, "type"),
    echo<wait_for>(book, "wait_for"),
    echo<screenshot>(book, "screenshot"),
    echo<snapshot>(book, "snapshot"),
    echo<upload>(book, "upload"),
    echo<set_download_directory>(book, "downloads"),
    echo<call_cdp>(book, "cdp"),
    echo<recover_tab>(book, "recover"),
    echo<describe_tab>(book, "describe"),
    show<open_session, session_view>(book, "open_session"),
    show<send_prompt, run_view>(book, "send"),
    show<poll_run, run_view>(book, "poll"),
    show<stop_run, run_view>(book, "stop"),
    show<switch_provider, session_view>(book, "switch"),
    show<reattach_session, session_view>(book, "reattach"),
    show<close_session, session_view>(book, "close"),
    show<show_session, session_view>(book, "show"),
    show<list_sessions, session_list>(book, "list"),
    show<watch_session, session_view>(book, "watch"),
    [=](const goodbye&) {
      book->write("goodbye");
    },
  };
}

} // namespace

toy_daemon::toy_daemon(uint16_t port, toy_script script)
  : shared_(std::make_shared<shared>()) {
  shared_->script = script;
  speak_berth(config_, {});
  config_.set("scheduler.max-threads", size_t{1});
  system_ = std::make_unique<caf::actor_system>(config_);
  auto serve = [book = book_, shared = shared_](
                 gateway_actor::pointer self) -> gateway_actor::behavior_type {
    return {
      [=](const hello& x) -> caf::result<welcome> {
        book->write("hello");
        book->write("hello from " + x.name);
        if (shared->script.on_hello != errc::ok)
          return to_error(fail(shared->script.on_hello, "says the script"));
        auto client = self->spawn(toy_client, book, shared->script);
        auto desk = self->spawn(toy_operator, book);
        std::lock_guard guard{shared->mutex};
        shared->watcher = x.watcher;
        shared->crew.push_back(caf::actor_cast<caf::strong_actor_ptr>(client));
        shared->crew.push_back(caf::actor_cast<caf::strong_actor_ptr>(desk));
        return welcome{client, desk, 1, "toy"};
      },
      [](const protocol::get_health&) {
        return protocol::owner_health{};
      },
      [](const protocol::step_down&) {
        return protocol::owner_health{};
      },
    };
  };
  auto gateway = system_->spawn(serve);
  shared_->crew.push_back(caf::actor_cast<caf::strong_actor_ptr>(gateway));
  if (auto bound
      = system_->middleman().publish(gateway, port, "127.0.0.1", true))
    port_ = *bound;
}

toy_daemon::~toy_daemon() {
  // The sockets first: nobody hears of the rest.
  auto& network = system_->middleman();
  auto broker = network.named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  caf::anon_send_exit(broker, caf::exit_reason::kill);
  std::lock_guard guard{shared_->mutex};
  for (auto& one : shared_->crew)
    caf::anon_send_exit(one, caf::exit_reason::kill);
  shared_->crew.clear();
  shared_->watcher = nullptr;
}

void toy_daemon::tell(events what) {
  std::lock_guard guard{shared_->mutex};
  caf::anon_send(shared_->watcher, std::move(what));
}

} // namespace berth::test
