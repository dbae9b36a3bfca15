#include "apps/settings.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

// The parser asserts that no file is as odd as some are: one must not end us.
#define TOML_ASSERT(expr)                                                      \
  ((expr) ? static_cast<void>(0) : throw std::logic_error{"this is no TOML"})
// Where it says that it does not throw it ends us, as its assertions did.
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wexceptions"
#else
#pragma GCC diagnostic ignored "-Wterminate"
#endif
#include <toml++/toml.h>

namespace berth::apps {

namespace {

namespace fs = std::filesystem;

using protocol::set_option;

std::string usual_file() {
  std::vector<fs::path> places{"berth.toml"};
  if (auto base = std::getenv("XDG_CONFIG_HOME"))
    places.push_back(fs::path{base} / "berth" / "berth.toml");
  else if (auto home = std::getenv("HOME"))
    places.push_back(fs::path{home} / ".config" / "berth" / "berth.toml");
  std::error_code unseen;
  for (const auto& place : places)
    if (fs::exists(place, unseen))
      return place.string();
  return {};
}

/// Whether it says what this user wants, or root: it names programs to run, and
/// was found by its name alone. Many users have a group of their own, which may
/// write to all that they make.
bool is_own(const std::string& file) {
  struct stat seen {};
  return ::stat(file.c_str(), &seen) == 0
         && (seen.st_uid == ::geteuid() || seen.st_uid == 0)
         && (seen.st_mode & S_IWOTH) == 0
         && ((seen.st_mode & S_IWGRP) == 0 || seen.st_gid == ::getegid());
}

/// A value of the file as the text that `set_option` reads.
std::optional<std::string>
to_text(const toml::node& from, const char* between = " ") {
  if (auto text = from.value<std::string>(); from.is_string())
    return text;
  if (auto number = from.as_integer())
    return std::to_string(number->get());
  if (auto yes = from.as_boolean())
    return yes->get() ? "true" : "false";
  if (auto list = from.as_array()) {
    std::string result;
    for (const auto& x : *list) {
      if (!x.is_string())
        return std::nullopt;
      result += (result.empty() ? "" : between) + *x.value<std::string>();
    }
    return result;
  }
  return std::nullopt;
}

class file_reader {
public:
  static constexpr size_t size_max = size_t{1} << 20;

  explicit file_reader(settings& out) : out_{out} {
    // nop
  }

  void read(const std::string& path) {
    // TOML's tables come in the order of their names, people's files do not.
    walk_file(path);
    std::ranges::stable_sort(found_, {},
                             &std::pair<uint32_t, std::string>::first);
    for (auto& [line, what] : found_)
      out_.mistakes.push_back(
        {out_.file + ":" + std::to_string(line), std::move(what)});
  }

private:
  void walk_file(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    std::string text(size_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(in.gcount()));
    if (in.bad() || (in.fail() && !in.eof()))
      return note(1, "It cannot be read.");
    if (text.size() > size_max)
      return note(1, "It is over " + std::to_string(size_max) + " bytes.");
    try {
      auto table = toml::parse(text, path);
      walk(table, "");
    } catch (const toml::parse_error& x) {
      note(x.source().begin.line, std::string{x.description()});
    } catch (const std::logic_error& x) {
      note(1, std::string{x.what()});
    }
  }

  void note(uint32_t line, std::string what) {
    found_.emplace_back(line, std::move(what));
  }

  void walk(const toml::table& from, const std::string& prefix) {
    for (auto&& [key, node] : from) {
      auto name = prefix + std::string{key.str()};
      auto line = static_cast<uint32_t>(key.source().begin.line);
      if (node.is_table()
          && (name == "admission.keys" || name == "provider.origins"))
        take(name, pairs(*node.as_table()), line);
      else if (auto several = node.as_array(); several && name == "browser")
        take_browsers(*several, line);
      else if (auto inner = node.as_table())
        walk(*inner, name + ".");
      else
        take(name, to_text(node, name == "upload.dirs" ? ":" : " "), line);
    }
  }

  /// [admission.keys] chatgpt = 3
  static std::optional<std::string> pairs(const toml::table& from) {
    std::string result;
    for (auto&& [key, node] : from) {
      auto text = to_text(node);
      if (!text)
        return std::nullopt;
      result
        += (result.empty() ? "" : ",") + std::string{key.str()} + "=" + *text;
    }
    return result;
  }

  /// [[browser]], once for each; none of them knows of another.
  void take_browsers(const toml::array& from, uint32_t line) {
    std::vector<protocol::browser_settings> all;
    for (const auto& x : from) {
      auto table = x.as_table();
      if (!table) {
        note(line, "'browser' is neither a table nor a list of tables.");
        return;
      }
      auto others = std::exchange(out_.how, {});
      walk(*table, "browser.");
      all.push_back(out_.how.browser);
      out_.how = std::move(others);
    }
    if (all.empty())
      return;
    out_.how.browser = all.front();
    out_.how.more_browsers.assign(all.begin() + 1, all.end());
  }

  void take(const std::string& name, const std::optional<std::string>& text,
            uint32_t line) {
    if (!text)
      note(line, "'" + name + "' is neither text, number, true nor false.");
    else if (auto wrong = set_option(out_.how, name, *text))
      note(line, name + ": " + *wrong);
  }

  settings& out_;
  std::vector<std::pair<uint32_t, std::string>> found_;
};

/// Variables that are not settings.
bool is_ours_alone(const std::string& name) {
  return name == "BERTH_LEASE" || name == "BERTH_OWNER"
         || name == "BERTH_DAEMON" || name == "BERTH_PROFILE";
}

void read_environment(settings& out) {
  std::map<std::string, std::string> names;
  for (const auto& x : protocol::options())
    names[variable_of(x.name)] = x.name;
  for (auto i = environ; *i; ++i) {
    std::string entry{*i};
    auto at = entry.find('=');
    auto name = entry.substr(0, at);
    if (name.rfind("BERTH_", 0) != 0 || is_ours_alone(name)
        || at == std::string::npos)
      continue;
    auto option = names.find(name);
    if (option == names.end())
      out.mistakes.push_back({name, "There is no such setting."});
    else if (auto wrong
             = set_option(out.how, option->second, entry.substr(at + 1)))
      out.mistakes.push_back({name, *wrong});
  }
}

} // namespace

std::string variable_of(const std::string& option) {
  std::string result = "BERTH_";
  for (char c : option)
    result
      += c == '.'
           ? '_'
           : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

settings load_settings(const std::string& file,
                       const std::map<std::string, std::string>& flags) {
  settings result;
  result.file = file.empty() ? usual_file() : file;
  std::error_code unseen;
  if (!file.empty() && !fs::exists(file, unseen))
    result.mistakes.push_back({file, "There is no such file."});
  else if (fs::is_directory(result.file, unseen))
    result.mistakes.push_back({result.file, "It is a directory."});
  else if (file.empty() && !result.file.empty() && !is_own(result.file))
    result.mistakes.push_back(
      {result.file, "It belongs to another user, or others may write to it. It "
                    "was not read. Name it with --config if it is meant."});
  else if (!result.file.empty())
    file_reader{result}.read(result.file);
  read_environment(result);
  for (const auto& [name, text] : flags)
    if (auto wrong = set_option(result.how, name, text))
      result.mistakes.push_back({"--" + name, *wrong});
  for (const auto& x : protocol::validate(result.how))
    result.mistakes.push_back({x.field, x.what});
  return result;
}

std::string example_file() {
  std::ostringstream out;
  out << "# Berth's settings, each with its default. The environment\n"
         "# (BERTH_DOOR_PORT, ...) is stronger than this file, flags\n"
         "# (--door.port, ...) are stronger still.\n"
         "# `berth config check` finds all mistakes at once.\n";
  protocol::config defaults;
  std::string section;
  for (const auto& x : protocol::options()) {
    std::string name = x.name;
    auto dot = name.find('.');
    auto mine = dot == std::string::npos ? "" : name.substr(0, dot);
    if (mine != section)
      out << "\n[" << (section = mine) << "]\n";
    auto value = *protocol::get_option(defaults, name);
    std::string kind = x.kind;
    bool bare = kind == "count" || kind == "yes/no";
    out << "\n# " << x.doc << "\n# " << name.substr(dot + 1) << " = "
        << (bare ? value : "\"" + value + "\"") << "\n";
  }
  out << "\n# Several browsers: in place of [browser], one of these for each.\n"
         "# What stands above for [browser] may stand in each of them; flags\n"
         "# and the environment are about the first one.\n"
         "\n# [[browser]]\n# name = \"work\"\n"
         "\n# [[browser]]\n# name = \"play\"\n# per_key = 2\n";
  return out.str();
}

} // namespace berth::apps
