// What Chrome sends, and what a page may have had a hand in.

#include "cdp/call_params.hpp"
#include "cdp/envelope.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include "tests/fuzz/target.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace berth::fuzz {

namespace {

bool is_part_of(std::string_view part, std::string_view whole) {
  return part.empty()
         || (part.data() >= whole.data()
             && part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace

void try_input(std::string_view text) {
  cdp::frame frame{std::string{text}};
  auto& head = frame.head;
  for (auto part :
       {head.method, head.session, head.params, head.result, head.error})
    if (!is_part_of(part, frame.text))
      std::abort();
  if (!frame.readable
      && (head.id != 0 || !head.method.empty() || !head.session.empty()))
    std::abort();
  for (auto part : {text, head.params, head.result, head.error}) {
    cdp::read_error(part);
    cdp::read_evaluation(part);
    cdp::read_text_field(part, "url");
  }
  // What we send is one message, whatever the texts are.
  if (auto params = cdp::read_params(text)) {
    auto sent
      = cdp::write_command(7, "Page.enable", cdp::write_json(*params), "ABC");
    cdp::envelope back;
    if (!cdp::read_envelope(sent, back) || back.id != 7
        || back.session != "ABC")
      std::abort();
  }
  if (!cdp::read_params("{\"a\":" + cdp::quote(text) + "}"))
    std::abort();
}

} // namespace berth::fuzz
