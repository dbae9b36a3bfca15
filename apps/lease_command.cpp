// berth lease acquire, hold, renew, release, revoke, recover, list

#include "apps/arguments.hpp"
#include "apps/context.hpp"
#include "apps/lease_option.hpp"
#include "apps/link_news.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"
#include "apps/signals.hpp"
#include "apps/untold_lease.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

using namespace protocol;

struct lease_arguments {
  lease_option lease;
  std::string key = "web";
  std::string wait, ttl, grace;
  std::string browser;
  bool isolated = false;
  uint64_t number = 0;
};

using arguments_ptr = std::shared_ptr<lease_arguments>;

/// None if one of the times is none; `wrong` then says which.
std::optional<acquire> asked(const lease_arguments& with, std::string& wrong) {
  acquire result;
  result.key = {with.key};
  result.browser = {with.browser};
  result.profile
    = with.isolated ? profile_kind::isolated : profile_kind::shared;
  struct {
    const std::string& text;
    duration& out;
  } times[]{{with.wait, result.wait},
            {with.ttl, result.ttl},
            {with.grace, result.grace}};
  for (auto& [text, out] : times) {
    if (text.empty())
      continue;
    auto read = parse_duration(text);
    if (!read) {
      wrong = "'" + text + "' is not a time such as 30s.";
      return std::nullopt;
    }
    out = *read;
  }
  return result;
}

void show(const context& how, const grant& x) {
  if (how.json)
    print_line(to_json(x));
  else {
    std::printf("%s\n", write_credential(x.lease).c_str());
    std::fflush(stdout);
  }
}

/// A lease that nobody was told of: it would live on unused.
int give_back(client::tab& tab) {
  auto name = std::to_string(tab.lease().ref.lease.value);
  auto released = tab.release();
  return report_lost_output(
    released ? "The lease " + name + " was taken, and given back."
             : "The lease " + name + " was taken, and could not be given back: "
                 + released.error().what + " It ends after its ttl.");
}

int take(const context& how, const lease_arguments& with, bool hold) {
  std::string wrong;
  auto what = asked(with, wrong);
  if (!what)
    return misuse(how, wrong);
  what->kind = hold ? holder_kind::client : holder_kind::session;
  auto ttl = hold ? duration{} : untold(*what);
  signal_watch stop;
  return with_daemon(how, "berth lease", [&](client::connection& daemon) {
    // The daemon sees the connection's end, and takes back what we would have
    // got.
    auto tab = stop.during(
      [&] {
        return daemon.acquire(*what);
      },
      [] {
        std::_Exit(interrupted);
      });
    if (!tab)
      return report(how, tab.error());
    auto lives = give_ttl(daemon, *tab, ttl);
    if (!lives) {
      std::ignore = tab->release();
      return report(how, lives.error());
    }
    auto told = tab->granted();
    told.expires_in = *lives;
    show(how, told);
    if (output_is_lost())
      return give_back(*tab);
    if (!hold) {
      tab->keep();
      return int{done};
    }
    link_news news{"berth lease", daemon};
    while (!stop.wait(std::chrono::milliseconds{200})) {
      if (auto why = tab->lost())
        return report(how, *why);
      news.look();
    }
    return int{done};
  });
}

int renew(const context& how, const lease_arguments& with) {
  std::string wrong;
  auto lease = find_lease(with.lease);
  auto times = asked(with, wrong);
  if (!lease || !times)
    return misuse(how, lease ? wrong : lease.error().what);
  return with_daemon(how, "berth lease", [&](client::connection& daemon) {
    auto left = daemon.renew({*lease, times->ttl});
    if (!left)
      return report(how, left.error());
    if (how.json)
      print_line(
        {{"expires_in", std::chrono::duration<double>(*left).count()}});
    else
      std::printf("expires in %s\n", to_string(*left).c_str());
    return int{done};
  });
}

int tell(const context& how, const outcome<void>& x, const char* what) {
  if (!x)
    return report(how, x.error());
  if (how.json)
    print_line({{"done", what}});
  else
    std::printf("%s\n", what);
  return done;
}

int release(const context& how, const lease_arguments& with) {
  auto lease = find_lease(with.lease);
  if (!lease)
    return misuse(how, lease.error().what);
  return with_daemon(how, "berth lease", [&](client::connection& daemon) {
    return tell(how, daemon.release(*lease), "released");
  });
}

int revoke(const context& how, const lease_arguments& with) {
  return with_daemon_as_operator(
    how, "berth lease", [&](client::connection& daemon) {
      return tell(how, daemon.revoke({with.number}), "revoked");
    });
}

int recover(const context& how, const lease_arguments& with) {
  auto lease = find_lease(with.lease);
  if (!lease)
    return misuse(how, lease.error().what);
  return with_daemon(how, "berth lease", [&](client::connection& daemon) {
    auto got = daemon.adopt(*lease).recover();
    if (!got)
      return report(how, got.error());
    if (how.json)
      print_line({{"target", got->value}, {"generation", got->generation}});
    else
      std::printf("tab %s, generation %llu\n", got->value.c_str(),
                  static_cast<unsigned long long>(got->generation));
    return int{done};
  });
}

int list(const context& how, const lease_arguments&) {
  return with_daemon(how, "berth lease", [&](client::connection& daemon) {
    auto now = daemon.status();
    if (!now)
      return report(how, now.error());
    if (!how.json)
      std::printf("%s", to_text(now->leases).c_str());
    for (const auto& x : now->leases)
      if (how.json)
        print_line(to_json(x));
    return int{done};
  });
}

int acquire_now(const context& how, const lease_arguments& with) {
  return take(how, with, false);
}

int hold(const context& how, const lease_arguments& with) {
  return take(how, with, true);
}

} // namespace

void add_lease(CLI::App& program, context& how) {
  auto leases = program.add_subcommand("lease", "Take and give back tabs");
  leases->require_subcommand(1);
  auto with = std::make_shared<lease_arguments>();
  auto add = [&](const char* name, const char* what,
                 int (*run)(const context&, const lease_arguments&)) {
    auto result = leases->add_subcommand(name, what);
    result->callback([&how, with, run] {
      how.run = [&how, with, run] {
        return run(how, *with);
      };
    });
    return result;
  };
  auto add_which = [&](CLI::App* to) {
    add_lease_option(*to, with->lease, true);
  };
  for (auto [name, what, run] :
       {std::tuple{"acquire", "Take a tab that outlives this program",
                   &acquire_now},
        std::tuple{"hold", "Take a tab and hold it until this program ends",
                   &hold}}) {
    auto one = add(name, what, run);
    one->add_option("--key", with->key, "What caps count by");
    one->add_option("--browser", with->browser, "Where (default: anywhere)");
    one->add_option("--wait", with->wait, "Wait for a turn that long")
      ->type_name(time_type);
    one
      ->add_option("--ttl", with->ttl,
                   "How long it lives after its last sign of use")
      ->type_name(time_type);
    one
      ->add_option("--grace", with->grace,
                   "How long it outlives a broken connection")
      ->type_name(time_type);
    one->add_flag("--isolated", with->isolated, "With cookies of its own");
  }
  auto renewal = add("renew", "Give a sign of life", renew);
  add_which(renewal);
  renewal->add_option("--ttl", with->ttl, "A new ttl from now on")
    ->type_name(time_type);
  add_which(add("release", "Give a tab back", release));
  add_which(add("recover", "Bring a lost tab back", recover));
  add("revoke", "End a lease in its holder's place", revoke)
    ->add_option("number", with->number, "The lease's number")
    ->required();
  add("list", "Show all leases", list);
}

} // namespace berth::apps
