#include "apps/provider_files.hpp"

#include "apps/embedded.hpp"
#include "apps/json_lines.hpp"
#include "apps/provider_schema.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

namespace berth::apps {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using protocol::complaint;

constexpr std::array ours{"chatgpt", "fixture", "gemini", "grok"};
constexpr size_t files_max = 256;
constexpr int depth_max = 32; ///< Who looks for lines goes as deep.
constexpr uintmax_t file_max = uintmax_t{1} << 20;

/// A pattern of the schema takes some stack for every character.
constexpr size_t text_max = 1024;

fs::path usual_dir() {
  if (auto base = std::getenv("XDG_CONFIG_HOME"))
    return fs::path{base} / "berth" / "providers";
  if (auto home = std::getenv("HOME"))
    return fs::path{home} / ".config" / "berth" / "providers";
  return {};
}

/// Takes the text apart and says what is wrong, whoever finds it.
class file_reader {
public:
  file_reader(std::string path, std::string text) {
    file_.path = std::move(path);
    file_.text = std::move(text);
  }

  provider_files read() && {
    if (auto from = parse())
      judge(std::move(*from));
    if (result_.mistakes.empty())
      result_.known.emplace(file_.profile.name, std::move(file_));
    return std::move(result_);
  }

private:
  void note(size_t line, std::string field, std::string what) {
    result_.mistakes.push_back(
      {file_.path, line, std::move(field), std::move(what)});
  }

  std::optional<json> parse() {
    int deepest = 0;
    size_t longest = 0;
    auto look = [&](int depth, json::parse_event_t, const json& x) {
      deepest = std::max(deepest, depth);
      if (auto text = x.get_ptr<const std::string*>())
        longest = std::max(longest, text->size());
      return true;
    };
    try {
      auto result = json::parse(file_.text, look);
      if (deepest <= depth_max && longest <= text_max)
        return result;
      if (deepest > depth_max)
        note(0, "", "This is nested too deeply for a profile.");
      else
        note(0, "",
             "A text in it is longer than " + std::to_string(text_max)
               + " bytes.");
    } catch (const json::parse_error& x) {
      note(line_of(file_.text, x.byte), "", "This is no JSON: " + reason(x));
    } catch (const json::exception& x) {
      note(0, "", "This is no JSON: " + reason(x));
    }
    return std::nullopt;
  }

  void judge(json from) {
    json_lines lines{file_.text};
    for (const auto& x : lines.doubled())
      note(lines.at(x), x, "is there twice.");
    auto by_schema = judge_by_schema(from);
    if (from.is_object())
      from.erase("$schema"); // For editors.
    auto [profile, complaints] = protocol::read_provider(from);
    for (auto& x : by_schema)
      if (!is_covered(complaints, x.field))
        complaints.push_back(std::move(x));
    auto stem = fs::path{file_.path}.stem().string();
    if (!is_covered(complaints, "name") && profile.name != stem)
      complaints.push_back({"name", "must be the file's, '" + stem + "'."});
    for (auto& x : complaints)
      note(lines.at(x.field), x.field, std::move(x.what));
    std::ranges::stable_sort(result_.mistakes, {}, &provider_mistake::line);
    file_.profile = std::move(profile);
  }

  /// Whether something is said about this, or about a part of it.
  static bool
  is_covered(const std::vector<complaint>& by, const std::string& field) {
    return std::ranges::any_of(by, [&](const complaint& x) {
      return is_within(x.field, field) || is_within(field, x.field);
    });
  }

  /// Without the parser's own name and place.
  static std::string reason(const json::exception& x) {
    std::string text = x.what();
    auto from = text.find("] ");
    text.erase(0, from == std::string::npos ? 0 : from + 2);
    if (auto place = text.find(": "); text.starts_with("parse error"))
      text.erase(0, place == std::string::npos ? 0 : place + 2);
    return text + ".";
  }

  provider_file file_;
  provider_files result_;
};

void read_ours(provider_files& into) {
  for (std::string name : ours) {
    std::string text{embedded("apps/providers/" + name + ".json")};
    auto read = read_provider_file(name + ".json", std::move(text));
    for (auto& [key, file] : read.known) {
      file.path.clear();
      into.known.insert_or_assign(key, std::move(file));
    }
  }
}

void read_own(const fs::path& path, provider_files& into) {
  into.known.erase(path.stem().string());
  std::error_code unseen;
  std::ostringstream text;
  bool fits = fs::file_size(path, unseen) <= file_max && !unseen;
  if (fits)
    text << std::ifstream{path}.rdbuf();
  if (!fits || !text) {
    into.mistakes.push_back({path.string(), 0, "", "It cannot be read."});
    return;
  }
  auto read = read_provider_file(path.string(), text.str());
  into.known.merge(read.known);
  std::ranges::move(read.mistakes, std::back_inserter(into.mistakes));
}

void read_dir(const fs::path& dir, provider_files& into) {
  std::vector<fs::path> paths;
  std::error_code failed;
  for (fs::directory_iterator i{dir, failed}, end; !failed && i != end;
       i.increment(failed))
    if (i->path().extension() == ".json")
      paths.push_back(i->path());
  if (failed)
    into.mistakes.push_back({dir.string(), 0, "", failed.message() + "."});
  std::ranges::sort(paths);
  if (paths.size() > files_max) {
    into.mistakes.push_back({dir.string(), 0, "", "There are too many files."});
    paths.resize(files_max);
  }
  for (const auto& path : paths)
    read_own(path, into);
}

} // namespace

provider_files read_provider_file(const std::string& path, std::string text) {
  return file_reader{path, std::move(text)}.read();
}

provider_files load_providers(const protocol::provider_settings& how) {
  provider_files result;
  read_ours(result);
  auto dir = how.dir.empty() ? usual_dir() : fs::path{how.dir};
  std::error_code unseen;
  if (!how.dir.empty() || fs::exists(dir, unseen))
    read_dir(dir, result);
  for (const auto& [name, origin] : how.origins) {
    auto known = result.known.find(name);
    if (known == result.known.end())
      result.mistakes.push_back(
        {"provider.origins", 0, name, "is not a provider."});
    else if (!protocol::move_provider(known->second.profile, origin)) {
      result.mistakes.push_back(
        {"provider.origins", 0, name,
         "'" + origin + "' is not an address such as http://127.0.0.1:4711."});
      result.known.erase(known);
    }
  }
  return result;
}

std::map<std::string, protocol::provider_profile>
profiles_of(const provider_files& from) {
  std::map<std::string, protocol::provider_profile> result;
  for (const auto& [name, file] : from.known)
    result.emplace(name, file.profile);
  return result;
}

std::string place_of(const provider_mistake& x) {
  return x.file + (x.line == 0 ? "" : ":" + std::to_string(x.line));
}

std::string what_of(const provider_mistake& x) {
  return (x.field.empty() ? "" : x.field + " ") + x.what;
}

std::vector<mistake> mistakes_of(const provider_files& from) {
  std::vector<mistake> result;
  for (const auto& x : from.mistakes)
    result.push_back({place_of(x), what_of(x)});
  return result;
}

} // namespace berth::apps
