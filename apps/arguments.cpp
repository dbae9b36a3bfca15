#include "apps/arguments.hpp"

#include "protocol/types.hpp"

#include <charconv>
#include <cstdint>

namespace berth::apps {

namespace {

/// Settings may be empty: that is often their default.
bool takes_settings(const CLI::App& command) {
  return command.get_name() == "serve" || command.get_name() == "add";
}

void check(CLI::Option& option, bool may_be_empty) {
  auto type = option.get_type_name();
  if (type.starts_with("UINT") || type.starts_with("INT"))
    option.check(CLI::Validator{refuse_number, ""});
  else if (type.starts_with("FLOAT"))
    option.check(CLI::Validator{refuse_decimal, ""});
  else if (type.starts_with(time_type))
    option.check(CLI::Validator{refuse_time, ""});
  else if (type.starts_with("TEXT") && !option.get_positional()
           && !may_be_empty)
    option.check(CLI::Validator{[](const std::string& text) {
                                  return std::string{
                                    text.empty() ? "must not be empty" : ""};
                                },
                                ""});
}

} // namespace

std::string refuse_number(const std::string& text) {
  uint64_t number = 0;
  auto end = text.data() + text.size();
  auto [rest, failed] = std::from_chars(text.data(), end, number);
  if (failed == std::errc::result_out_of_range && rest == end)
    return "'" + text + "' is too large";
  // CLI11 would take `010` for eight.
  bool octal = text.size() > 1 && text.front() == '0';
  if (failed != std::errc{} || rest != end || octal)
    return "'" + text + "' is not a whole number such as 7";
  return {};
}

std::string refuse_decimal(const std::string& text) {
  double number = 0;
  auto end = text.data() + text.size();
  auto [rest, failed]
    = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (failed != std::errc{} || rest != end || !(number >= 0) || number > 1e12)
    return "'" + text + "' is not a number such as 1.5";
  return {};
}

std::string refuse_time(const std::string& text) {
  if (!protocol::parse_duration(text))
    return "'" + text + "' is not a time such as 30s";
  return {};
}

void check_arguments(CLI::App& program) {
  for (auto option : program.get_options())
    check(*option, takes_settings(program));
  for (auto command : program.get_subcommands({}))
    check_arguments(*command);
}

} // namespace berth::apps
