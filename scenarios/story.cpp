#include "scenarios/story.hpp"

#include "scenarios/port.hpp"

#include <functional>
#include <map>
#include <sstream>

namespace berth::scenarios {

namespace {

using tests::reply_to;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in{line};
  std::vector<std::string> result;
  for (std::string word; in >> word;)
    result.push_back(word);
  return result;
}

/// The caps are small, so that stories are short.
config small() {
  config result;
  result.admission.per_key = 2;
  result.admission.global = 3;
  result.admission.tabs = 4;
  result.lease.ttl_default = std::chrono::seconds{60};
  return result;
}

class teller {
public:
  teller() : port_{1, small()} {
    // nop
  }

  std::string tell(const std::string& written) {
    std::istringstream in{written};
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line.front() == '#')
        told_ << line << "\n";
      else if (line.find(": ") == std::string::npos) {
        told_ << line << "\n";
        play(words_of(line));
        listen();
      }
    }
    return told_.str();
  }

private:
  struct person {
    client_id id;
    ears hearing;
    std::optional<actors::client_actor> door;
    std::string lease; ///< As text, of the last grant.
    std::string target;
    size_t heard = 0;
  };

  using words = std::vector<std::string>;

  /// Somebody waits for this, and tells it when it is there.
  struct pending {
    std::string who;
    std::function<std::optional<std::string>()> look;
  };

  void play(const words& x) {
    if (x[0] == "wait" && x.size() == 2) {
      auto time = parse_duration(x[1]).value_or(duration{0});
      port_.world().advance(time);
    } else if (x[0] == "chrome" && x.size() == 2 && x[1] == "dies") {
      port_.chrome().die();
      pass();
    } else if (x.size() >= 2)
      act(x);
    else
      told_ << "(what is this?)\n";
  }

  void act(const words& x) {
    auto name = x[0];
    bool of = name.ends_with("'s");
    auto& who = person_of(of ? name.substr(0, name.size() - 2) : name);
    auto verb = x[of ? 2 : 1];
    if (of && x[1] == "process" && verb == "dies") {
      port_.kill(who.hearing);
      who.door.reset();
    } else if (of && x[1] == "tab" && verb == "crashes")
      port_.chrome().crash(who.target);
    else if (of && x[1] == "tab" && verb == "freezes")
      port_.chrome().freeze(who.target);
    else if (of && x[1] == "page" && verb == "opens")
      port_.chrome().open_popup(who.target);
    else
      request(name, who, x);
    pass();
  }

  void request(const std::string& name, person& who, const words& x) {
    auto& verb = x[1];
    auto& door = *who.door;
    auto& world = port_.world();
    auto ref = parse_lease_ref(after(x, "with").value_or(who.lease))
                 .value_or(lease_ref{});
    addressee to{ref, {}, std::chrono::seconds{10}};
    if (verb == "acquires")
      expect(name, world.ask<grant>(door, wish(x)), [&who](const grant& y) {
        who.lease = to_string(y.lease);
        who.target = y.target.value;
        return "granted " + who.lease;
      });
    else if (verb == "releases")
      expect_done(name, world.ask<void>(door, release_lease{ref}), "released");
    else if (verb == "renews")
      expect(name, world.ask<duration>(door, renew_lease{ref, {}}),
             [](duration y) {
               return "expires in " + to_string(y);
             });
    else if (verb == "evaluates")
      expect_answer(name, world.ask<answer>(door, evaluate{to, x[2]}));
    else if (verb == "goes")
      expect_answer(name, world.ask<answer>(door, navigate{to, x[2]}));
    else if (verb == "recovers")
      expect(name, world.ask<answer>(door, recover_tab{to}),
             [&who](const answer& y) {
               who.target = y.target.value;
               return "has generation " + std::to_string(y.generation);
             });
    else if (verb == "cancels")
      expect_done(name,
                  world.ask<void>(door, cancel_ticket{{}, {std::stoull(x[2])}}),
                  "cancelled");
    else
      told_ << "(what is '" << verb << "'?)\n";
  }

  /// acquires KEY [waits TIME] [lives TIME] [grace TIME]
  static acquire wish(const words& x) {
    acquire result;
    result.key = {x[2]};
    auto time = [&](const char* word) {
      return parse_duration(after(x, word).value_or("0")).value_or(duration{});
    };
    result.wait = time("waits");
    result.ttl = time("lives");
    result.grace = time("grace");
    return result;
  }

  static std::optional<std::string> after(const words& x, const char* word) {
    for (size_t i = 0; i + 1 < x.size(); ++i)
      if (x[i] == word)
        return x[i + 1];
    return std::nullopt;
  }

  person& person_of(const std::string& name) {
    auto [i, fresh] = people_.try_emplace(name);
    auto& who = i->second;
    if (fresh || !who.door) {
      if (fresh)
        who.id = {people_.size()};
      who.hearing = port_.make_ears();
      who.heard = 0;
      auto met = port_.connect(who.id, who.hearing);
      pass();
      if (met->value)
        who.door = met->value->client;
    }
    return who;
  }

  /// A moment, so that what was asked for is done; no deadline comes.
  void pass() {
    port_.world().advance(std::chrono::milliseconds{50});
  }

  // -- what is told -----------------------------------------------------------

  template <class T, class Words>
  void expect(const std::string& who, std::shared_ptr<reply_to<T>> reply,
              Words say) {
    pending_.push_back({who, [=]() -> std::optional<std::string> {
                          if (reply->value)
                            return say(*reply->value);
                          return refusal(*reply);
                        }});
  }

  void expect_answer(const std::string& who,
                     std::shared_ptr<reply_to<answer>> reply) {
    expect(who, std::move(reply), [](const answer& y) {
      return y.value;
    });
  }

  void expect_done(const std::string& who,
                   std::shared_ptr<reply_to<void>> reply, const char* word) {
    pending_.push_back({who, [=]() -> std::optional<std::string> {
                          if (reply->done)
                            return word;
                          return refusal(*reply);
                        }});
  }

  template <class T>
  static std::optional<std::string> refusal(const reply_to<T>& x) {
    if (!x.why)
      return std::nullopt;
    auto& why = *x.why;
    std::string result = "refused " + std::string{to_string(why.code)};
    if (why.cap > 0)
      result
        += " " + std::to_string(why.active) + " of " + std::to_string(why.cap);
    if (why.retry_after > duration{0})
      result += ", retry after " + to_string(why.retry_after);
    if (why.code == errc::tab_lost)
      result += " " + std::string{to_string(why.cause)} + ", generation "
                + std::to_string(why.generation);
    return result;
  }

  void listen() {
    for (auto i = pending_.begin(); i != pending_.end();) {
      auto text = i->look();
      if (!text) {
        ++i;
        continue;
      }
      told_ << i->who << ": " << *text << "\n";
      i = pending_.erase(i);
    }
    for (auto& [name, who] : people_)
      for (; who.heard < who.hearing.heard->size(); ++who.heard)
        hear(name, (*who.hearing.heard)[who.heard]);
  }

  /// Only what a client would not learn from an answer.
  void hear(const std::string& name, const event& x) {
    if (x.kind == event_kind::ticket_issued)
      told_ << name << ": waits with ticket " << x.ticket.value << ", "
            << x.ahead << " ahead, about " << to_string(x.estimate) << "\n";
    else if (x.kind == event_kind::tab_lost)
      told_ << name << ": hears that the tab is lost, " << to_string(x.cause)
            << "\n";
    else if (x.kind == event_kind::popup_opened)
      told_ << name << ": hears of a popup\n";
    else if (x.kind == event_kind::lease_ended && x.detail != "released")
      told_ << name << ": hears that lease " << x.lease.value << " is over, "
            << x.detail << "\n";
  }

  port port_;
  std::map<std::string, person> people_;
  std::vector<pending> pending_;
  std::ostringstream told_;
};

} // namespace

std::string tell_story(const std::string& written) {
  return teller{}.tell(written);
}

} // namespace berth::scenarios
