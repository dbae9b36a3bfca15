// An agent: takes its turn, drives a tab of its own, and gives it back.
//
//   agent [port] [url]

#include "actors/remote/connection.hpp"

#include <cstdlib>
#include <iostream>

using namespace std::chrono_literals;
namespace words = berth::protocol;

namespace {

/// Every failure says what happened, what was not done and what to do next.
int give_up(const words::failure& why) {
  auto advice = words::advice_for(why.code);
  std::cerr << words::to_string(why.code) << ": " << why.what << '\n'
            << advice.not_done << '\n'
            << advice.next << '\n';
  return EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv) {
  berth::client::settings how;
  how.name = "example";
  how.port = argc > 1 ? static_cast<uint16_t>(std::atoi(argv[1])) : how.port;
  how.on_event = [](const words::event& x) {
    if (x.kind == words::event_kind::lease_ended)
      std::cerr << "a lease of ours ended: " << x.detail << '\n';
  };
  auto link = berth::client::connection::open(how);
  if (!link)
    return give_up(link.error());

  words::acquire wish;
  wish.wait = 2min; // In the queue, if all tabs are taken.
  auto tab = link->acquire(wish);
  if (!tab)
    return give_up(tab.error());

  auto arrived = tab->navigate(argc > 2 ? argv[2] : "https://example.com");
  if (!arrived)
    return give_up(arrived.error());
  auto title = tab->evaluate("document.title");
  if (!title)
    return give_up(title.error());
  auto text = tab->text();
  if (!text)
    return give_up(text.error());
  std::cout << arrived->value << '\n'
            << title->value << '\n'
            << text->value << '\n';

  // The lease is renewed behind the scenes; yet an operator may end it.
  if (auto why = tab->lost())
    return give_up(*why);
  return EXIT_SUCCESS; // The tab is given back.
}
