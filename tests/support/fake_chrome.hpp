// A Chrome for simulations: targets, attachments, pauses and deaths as the real
// one has them, in the order in which a socket would bring them.

#pragma once

#include "cdp/chrome.hpp"

#include <caf/all.hpp>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace berth::tests {

/// Something that is done when its turn comes among the actors' messages.
struct errand {
  std::function<void()> job;
};

/// What a seed may make a Chrome do, each with its probability per call.
struct chrome_faults {
  double never = 0; ///< A call is not answered at all.
  double twice = 0; ///< A call is answered twice.
  double crash = 0; ///< The page that is called crashes instead.
};

class fake_chrome : public cdp::chrome,
                    public std::enable_shared_from_this<fake_chrome> {
public:
  /// @param courier Runs errands; an actor of the world.
  fake_chrome(caf::actor courier, std::mt19937_64& rng);

  // -- cdp::chrome ------------------------------------------------------------

  void start(cdp::chrome_listener listener) override;
  void send(std::string message) override;
  void route(std::string session,
             std::function<void(cdp::frame_ptr)> heard) override;
  void unroute(const std::string& session) override;
  void stop(std::chrono::milliseconds patience) override;

  // -- faults -----------------------------------------------------------------

  chrome_faults faults;

  /// The renderer of this page crashes; Chrome goes on listing it.
  void crash(const std::string& page);

  /// This page is closed from outside.
  void destroy(const std::string& page);

  /// This page's renderer answers nothing any more, and no event tells.
  void freeze(const std::string& page);

  /// This page opens another one.
  void open_popup(const std::string& opener);

  /// The whole Chrome is gone; whatever is pending is never answered.
  void die();

  // -- looking ----------------------------------------------------------------

  /// Every page, alive or crashed.
  std::vector<std::string> pages() const;

  /// Those that were asked for, and are neither crashed nor frozen.
  size_t working_pages() const;

  bool alive() const {
    return alive_;
  }

  /// How many `Target.createTarget` there were.
  size_t creates = 0;

  /// Told of every command that reaches a page, with its parameters.
  std::function<void(const std::string& page, const std::string& method,
                     const nlohmann::json& params)>
    on_command;

private:
  using json = nlohmann::json;

  struct page {
    std::string tab, context, opener, url = "about:blank", loader = "L0";
    std::string tab_session, session;
    bool crashed = false, frozen = false, waiting = true;
  };

  std::string new_id();
  bool chance(double p);
  void later(std::function<void()> job);
  void tell(json message, const std::string& session = {});
  void answer(const json& call, json result);
  void refuse(const json& call, int code, const char* why);
  void at_root(const json& call);
  void at_tab(const json& call, const std::string& id);
  void at_page(const json& call, const std::string& id);
  void evaluate(const json& call, page& here);
  void navigate(const json& call, const std::string& id, page& here);
  std::string make_page(const std::string& context, const std::string& opener);
  json info(const std::string& id, const page& x) const;

  caf::actor courier_;
  std::mt19937_64& rng_;
  cdp::chrome_listener listener_;
  bool alive_ = false;
  std::map<std::string, page> pages_;
  std::map<std::string, std::function<void(cdp::frame_ptr)>> routes_;
  std::set<std::string> contexts_;
};

/// Runs errands, one message each.
caf::behavior courier(caf::event_based_actor* self);

} // namespace berth::tests

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::tests::errand)
