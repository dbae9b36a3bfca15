#include "cdp/ax_outline.hpp"

#include <array>
#include <map>
#include <simdjson.h>
#include <utility>
#include <vector>

namespace berth::cdp {

namespace {

using simdjson::dom::element;

constexpr std::size_t depth_max = 200;

struct node {
  std::string_view role, name, value;
  std::string marks;
  bool ignored = false;
  bool seen = false; ///< A tree has each of its nodes in one place.
  std::vector<std::string_view> children;
};

/// Keys of the nodes' properties that are worth a mark.
constexpr std::array<std::string_view, 8> told{
  "level",    "checked",  "disabled", "expanded",
  "selected", "required", "focused",  "pressed"};

std::string_view text_of(element from, const char* field) {
  std::string_view result;
  if (from[field]["value"].get_string().get(result))
    return {};
  return result;
}

std::string mark_of(element property) {
  std::string_view name, text;
  bool yes = false;
  int64_t number = 0;
  if (property["name"].get_string().get(name))
    return {};
  bool is_told = false;
  for (auto x : told)
    is_told |= x == name;
  auto value = property["value"]["value"];
  if (!is_told)
    return {};
  if (!value.get_bool().get(yes))
    return yes ? " [" + std::string{name} + "]" : std::string{};
  if (!value.get_int64().get(number))
    return " [" + std::string{name} + "=" + std::to_string(number) + "]";
  if (!value.get_string().get(text) && text != "false")
    return " [" + std::string{name}
           + (text == "true" ? "" : "=" + std::string{text}) + "]";
  return {};
}

node read_node(element from) {
  node result;
  result.role = text_of(from, "role");
  result.name = text_of(from, "name");
  result.value = text_of(from, "value");
  std::ignore = from["ignored"].get_bool().get(result.ignored);
  simdjson::dom::array list;
  if (!from["properties"].get_array().get(list))
    for (auto property : list)
      result.marks += mark_of(property);
  if (!from["childIds"].get_array().get(list))
    for (auto child : list) {
      std::string_view id;
      if (!child.get_string().get(id))
        result.children.push_back(id);
    }
  return result;
}

bool says_something(const node& x) {
  if (x.ignored || x.role == "InlineTextBox" || x.role == "none")
    return false;
  if (x.role == "generic" || x.role == "RootWebArea" || x.role == "LineBreak")
    return false;
  return x.role != "StaticText" || !x.name.empty();
}

class writer {
public:
  explicit writer(std::map<std::string_view, node>& nodes) : nodes_{nodes} {
    // nop
  }

  void write(std::string_view id, std::size_t depth, std::size_t indent) {
    auto i = nodes_.find(id);
    if (i == nodes_.end() || depth > depth_max || cut_
        || std::exchange(i->second.seen, true))
      return;
    auto& x = i->second;
    bool said = says_something(x);
    if (said)
      line(x, indent);
    for (auto child : x.children)
      write(child, depth + 1, indent + (said ? 1 : 0));
  }

  std::string take() && {
    if (cut_)
      text_ += "- (cut: the outline is longer)\n";
    return std::move(text_);
  }

private:
  void line(const node& x, std::size_t indent) {
    cut_ = text_.size() > outline_max;
    if (cut_)
      return;
    text_.append(2 * indent, ' ').append("- ");
    text_ += x.role == "StaticText" ? "text" : x.role;
    if (!x.name.empty())
      text_.append(" \"").append(x.name).append("\"");
    text_ += x.marks;
    if (!x.value.empty())
      text_.append(": ").append(x.value);
    text_ += "\n";
  }

  std::map<std::string_view, node>& nodes_;
  std::string text_;
  bool cut_ = false;
};

} // namespace

std::string outline_ax_tree(std::string_view result) {
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  element document;
  if (parser.parse(result.data(), result.size()).get(document)
      || document["nodes"].get_array().get(list))
    return {};
  std::map<std::string_view, node> nodes;
  std::string_view root;
  for (auto from : list) {
    std::string_view id, parent;
    if (from["nodeId"].get_string().get(id))
      continue;
    if (root.empty() && from["parentId"].get_string().get(parent))
      root = id;
    nodes.emplace(id, read_node(from));
  }
  writer out{nodes};
  out.write(root, 0, 0);
  return std::move(out).take();
}

} // namespace berth::cdp
