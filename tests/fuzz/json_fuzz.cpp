// Every reader of what a page's scripts or an accessibility tree may say.

#include "cdp/ax_outline.hpp"
#include "cdp/conversation_look.hpp"
#include "cdp/method_policy.hpp"
#include "cdp/read_json.hpp"
#include "cdp/url_policy.hpp"

#include "tests/fuzz/target.hpp"

#include <cstdlib>
#include <string>

namespace berth::fuzz {

void try_input(std::string_view text) {
  auto from = cdp::read_object(text);
  cdp::text_in(from, "text");
  cdp::number_in(from, "number");
  cdp::is_true_in(from, "yes");
  auto inner = cdp::object_in(from, "result");
  cdp::text_in(inner, "text");
  cdp::write_json(from);
  cdp::outline_ax_tree(text);
  if (auto look = cdp::read_look(text)) {
    cdp::read_answer_text(text, *look);
    cdp::read_retry(look->words);
    cdp::same_page(look->url, look->title);
    protocol::provider_profile at;
    if (look->trouble != cdp::page_trouble::none)
      cdp::explain(*look, at);
  }
  cdp::read_retry(text);
  cdp::refuse_url(text);
  cdp::refuse_method(text);
  for (auto method :
       {"Page.navigate", "Input.dispatchDragEvent", "Runtime.evaluate"})
    cdp::refuse_params(method, text);
}

} // namespace berth::fuzz
