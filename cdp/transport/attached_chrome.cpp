#include "cdp/transport/connected_chrome.hpp"
#include "cdp/transport/http_get.hpp"
#include "cdp/transport/real_chrome.hpp"

namespace berth::cdp {

namespace {

class real_attached_chrome : public connected_chrome {
public:
  real_attached_chrome(std::shared_ptr<io_loop> loop, attach_options how)
    : connected_chrome{std::move(loop)}, how_{std::move(how)} {
    // nop
  }

private:
  int64_t pid() const override {
    return 0;
  }

  bool ran_before() const override {
    return true;
  }

  void begin() override {
    later(how_.connect_within, [this] {
      end(chrome_end::unreachable, "Nothing answers at " + how_.url + ".");
    });
    if (how_.url.rfind("ws://", 0) == 0)
      return connect(how_.url, how_.message_max, how_.connect_within);
    auto me
      = std::static_pointer_cast<real_attached_chrome>(shared_from_this());
    find_endpoint(
      *loop_, how_.url, how_.connect_within,
      [me](const std::string& url, const std::string& why) {
        if (me->over())
          return;
        if (url.empty())
          me->end(chrome_end::unreachable,
                  "There is no Chrome at " + me->how_.url + ": " + why + ".");
        else
          me->connect(url, me->how_.message_max, me->how_.connect_within);
      });
  }

  void lost(const std::string& why) override {
    if (!over())
      end(chrome_end::connection_lost,
          "The connection to " + how_.url + " broke: " + why + ".");
  }

  /// It was there before us, and stays.
  void finish(milliseconds) override {
    if (!over())
      end(chrome_end::stopped, {});
  }

  attach_options how_;
};

} // namespace

std::shared_ptr<chrome>
attached_chrome(std::shared_ptr<io_loop> loop, attach_options options) {
  return std::make_shared<real_attached_chrome>(std::move(loop),
                                                std::move(options));
}

} // namespace berth::cdp
