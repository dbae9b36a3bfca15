#include "apps/lease_option.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace berth::apps {

using namespace protocol;

namespace {

/// A file of credentials has a line for each; more than this is no such file.
constexpr std::streamsize file_max = 64 * 1024;

failure wrong(std::string what) {
  return fail(errc::invalid_argument, std::move(what));
}

std::string names_of(const std::vector<lease_credential>& all) {
  std::string result;
  for (const auto& x : all)
    result += (result.empty() ? "" : ", ") + to_string(x.ref);
  return result;
}

bool is_called(const lease_credential& x, const std::string& name) {
  return to_string(x.ref) == name || std::to_string(x.ref.lease.value) == name;
}

bool is_name(const std::string& text) {
  auto only_digits
    = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  return only_digits || parse_lease_ref(text);
}

std::optional<failure> refuse_name(const std::string& name) {
  if (name.empty() || is_name(name))
    return std::nullopt;
  // Also what is nearly one: it would be in the list of processes as well.
  if (auto first = name.find(':'); first != name.rfind(':'))
    return wrong(
      "A credential does not belong on the command line, where every "
      "process on this machine can read it: put it into BERTH_LEASE, "
      "or into a file that --lease-file names.");
  return wrong("'" + name + "' is not the name of a lease such as 7:1.9.");
}

} // namespace

outcome<lease_credential>
choose_lease(const std::string& name, std::string_view held,
             const std::string& source) {
  if (auto why = refuse_name(name))
    return *why;
  std::vector<lease_credential> all;
  std::istringstream words{std::string{held}};
  for (std::string word; words >> word;)
    if (auto x = parse_credential(word))
      all.push_back(*x);
    else
      return wrong(source
                   + " does not hold a credential such as "
                     "7:1.9:k3qz7m2ah5wv4nxe.");
  if (all.empty())
    return wrong("Which lease? " + source
                 + " holds no credential; `berth open URL` prints one.");
  if (name.empty()) {
    if (all.size() == 1)
      return all.front();
    return wrong(source + " holds several leases: name one of them with -l ("
                 + names_of(all) + ").");
  }
  for (const auto& x : all)
    if (is_called(x, name))
      return x;
  return wrong(source + " does not hold the credential of lease " + name
               + ", but that of " + names_of(all) + ".");
}

bool names_lease(const lease_option& x) {
  auto known = std::getenv("BERTH_LEASE");
  return !x.name.empty() || !x.file.empty() || (known && *known);
}

outcome<lease_credential> find_lease(const lease_option& x) {
  if (auto why = refuse_name(x.name))
    return *why;
  if (x.file.empty()) {
    auto known = std::getenv("BERTH_LEASE");
    return choose_lease(x.name, known ? known : "", "BERTH_LEASE");
  }
  std::ifstream in{x.file, std::ios::binary};
  std::string text(static_cast<size_t>(file_max), '\0');
  in.read(text.data(), file_max);
  if (in.bad() || (in.fail() && !in.eof()))
    return wrong("The file '" + x.file + "' cannot be read.");
  text.resize(static_cast<size_t>(in.gcount()));
  return choose_lease(x.name, text, "'" + x.file + "'");
}

void add_lease_option(CLI::App& to, lease_option& with, bool bare) {
  to.add_option(bare ? "-l,--lease,lease" : "-l,--lease", with.name,
                "Its name, such as 7:1.9, if $BERTH_LEASE holds several");
  to.add_option("--lease-file", with.file,
                "Where its credential is (default: in $BERTH_LEASE)");
}

} // namespace berth::apps
