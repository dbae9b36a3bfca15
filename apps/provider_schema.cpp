#include "apps/provider_schema.hpp"

#include "apps/embedded.hpp"
#include "apps/json_lines.hpp"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace berth::apps {

namespace {

using protocol::complaint;
using adapter = valijson::adapters::NlohmannJsonAdapter;

const valijson::Schema& schema() {
  static const auto read = [] {
    auto text = embedded("apps/providers/provider.schema.json");
    auto json = nlohmann::json::parse(text);
    auto result = std::make_unique<valijson::Schema>();
    valijson::SchemaParser{}.populateSchema(adapter{json}, *result);
    return result;
  }();
  return *read;
}

/// `<root>`, `[parts]`, `[send]`, `[1]`: `parts.send[1]`
std::string path_of(const std::vector<std::string>& context) {
  std::string result;
  for (size_t i = 1; i < context.size(); ++i) {
    auto name = context[i].substr(1, context[i].size() - 2);
    bool is_index = name.find_first_not_of("0123456789") == std::string::npos;
    result += is_index ? context[i] : (result.empty() ? "" : ".") + name;
  }
  return result;
}

} // namespace

std::vector<complaint> judge_by_schema(const nlohmann::json& x) {
  valijson::ValidationResults found;
  valijson::Validator{}.validate(schema(), adapter{x}, &found);
  std::vector<complaint> result;
  // The innermost come first; what is around them is not wrong by itself.
  for (const auto& error : found) {
    auto path = path_of(error.context);
    if (std::ranges::none_of(result, [&](const complaint& known) {
          return is_within(known.field, path);
        }))
      result.push_back({path, error.description});
  }
  return result;
}

} // namespace berth::apps
