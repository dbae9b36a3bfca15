#include "protocol/journal_rows.hpp"

#include "protocol/journal_columns.hpp"

#include <charconv>
#include <type_traits>
#include <utility>

namespace berth::protocol {

namespace {

using detail::columns;

// -- words that are kept by their names ---------------------------------------

template <class Enum>
constexpr Enum last_of{};
template <>
constexpr auto last_of<event_kind> = event_kind::downloads_kept;
template <>
constexpr auto last_of<loss_cause> = loss_cause::driver_gone;
template <>
constexpr auto last_of<holder_kind> = holder_kind::session;
template <>
constexpr auto last_of<profile_kind> = profile_kind::isolated;
template <>
constexpr auto last_of<lease_state> = lease_state::closing;
template <>
constexpr auto last_of<session_state> = session_state::closed;
template <>
constexpr auto last_of<hold_reason> = hold_reason::capacity;
template <>
constexpr auto last_of<errc> = errc::internal;

template <class Enum>
std::optional<Enum> parse(std::string_view text) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(last_of<Enum>); ++i)
    if (text == to_string(static_cast<Enum>(i)))
      return static_cast<Enum>(i);
  return std::nullopt;
}

// -- to cells and back --------------------------------------------------------

class namer {
public:
  template <class T>
  void operator()(const char* name, T&) {
    names_.push_back(name);
  }

  std::vector<const char*> names() && {
    return std::move(names_);
  }

private:
  std::vector<const char*> names_;
};

class writer {
public:
  explicit writer(const calendar& when) : when_{when} {
    // nop
  }

  template <class T>
  void operator()(const char*, const T& x) {
    if constexpr (std::is_enum_v<T>)
      put(std::string{to_string(x)});
    else if constexpr (std::is_integral_v<T>)
      put(static_cast<int64_t>(x));
    else
      write(x);
  }

  cells written() && {
    return std::move(cells_);
  }

private:
  void put(cell x) {
    cells_.push_back(std::move(x));
  }

  template <class Tag>
  void write(const id<Tag>& x) {
    put(static_cast<int64_t>(x.value));
  }

  template <class Tag>
  void write(const name<Tag>& x) {
    put(x.value);
  }

  void write(const std::string& x) {
    put(x);
  }

  void write(const duration& x) {
    put(x.count());
  }

  /// Zero stays zero: it is no instant.
  void write(const timestamp& x) {
    put(x == timestamp{} ? 0 : (x - when_.here + when_.since_1970).count());
  }

  void write(const std::optional<timestamp>& x) {
    write(x.value_or(timestamp{}));
  }

  void write(const std::optional<session_state>& x) {
    put(x ? std::string{to_string(*x)} : std::string{});
  }

  void write(const std::vector<std::string>& x) {
    put(join_lines(x));
  }

  void write(const std::vector<run_id>& x) {
    std::vector<std::string> texts;
    for (auto run : x)
      texts.push_back(std::to_string(run.value));
    put(join_lines(texts));
  }

  void write(const std::map<std::string, std::string>& x) {
    std::vector<std::string> texts;
    for (const auto& [key, value] : x)
      texts.insert(texts.end(), {key, value});
    put(join_lines(texts));
  }

  calendar when_;
  cells cells_;
};

class reader {
public:
  reader(const cells& from, const calendar& when) : from_{from}, when_{when} {
    // nop
  }

  template <class T>
  void operator()(const char*, T& x) {
    good_ = good_ && next_ < from_.size();
    if (!good_)
      return;
    auto& from = from_[next_++];
    if constexpr (std::is_enum_v<T>)
      good_ = read_word(from, x);
    else if constexpr (std::is_integral_v<T>) {
      if ((good_ = std::holds_alternative<int64_t>(from)))
        x = static_cast<T>(std::get<int64_t>(from));
    } else
      good_ = read(from, x);
  }

  bool good() const {
    return good_ && next_ == from_.size();
  }

private:
  static const std::string* text(const cell& from) {
    return std::get_if<std::string>(&from);
  }

  template <class Enum>
  static bool read_word(const cell& from, Enum& x) {
    auto read = text(from) ? parse<Enum>(*text(from)) : std::nullopt;
    x = read.value_or(Enum{});
    return read.has_value();
  }

  template <class Tag>
  static bool read(const cell& from, id<Tag>& x) {
    auto number = std::get_if<int64_t>(&from);
    x.value = number ? static_cast<uint64_t>(*number) : 0;
    return number;
  }

  template <class Tag>
  static bool read(const cell& from, name<Tag>& x) {
    return read(from, x.value);
  }

  static bool read(const cell& from, std::string& x) {
    x = text(from) ? *text(from) : "";
    return text(from);
  }

  static bool read(const cell& from, duration& x) {
    auto number = std::get_if<int64_t>(&from);
    x = duration{number ? *number : 0};
    return number;
  }

  bool read(const cell& from, timestamp& x) const {
    duration told{};
    bool good = read(from, told);
    x = told == duration{} ? timestamp{}
                           : when_.here + (told - when_.since_1970);
    return good;
  }

  bool read(const cell& from, std::optional<timestamp>& x) const {
    timestamp told;
    bool good = read(from, told);
    x = told == timestamp{} ? std::nullopt : std::optional{told};
    return good;
  }

  static bool read(const cell& from, std::optional<session_state>& x) {
    if (text(from) && text(from)->empty())
      return x.reset(), true;
    return read_word(from, x.emplace());
  }

  static bool read(const cell& from, std::vector<std::string>& x) {
    if (text(from))
      x = split_lines(*text(from));
    return text(from);
  }

  static bool read(const cell& from, std::vector<run_id>& x) {
    std::vector<std::string> texts;
    bool good = read(from, texts);
    for (const auto& digits : texts) {
      auto end = digits.data() + digits.size();
      auto got = std::from_chars(digits.data(), end, x.emplace_back().value);
      good = good && got.ec == std::errc{} && got.ptr == end;
    }
    return good;
  }

  static bool read(const cell& from, std::map<std::string, std::string>& x) {
    std::vector<std::string> texts;
    bool good = read(from, texts) && texts.size() % 2 == 0;
    for (size_t i = 0; good && i < texts.size(); i += 2)
      x[texts[i]] = texts[i + 1];
    return good;
  }

  const cells& from_;
  calendar when_;
  size_t next_ = 0;
  bool good_ = true;
};

template <class Row>
table make_table(const char* name, size_t key_columns) {
  namer all;
  Row none;
  columns(all, none);
  return {name, key_columns, std::move(all).names()};
}

} // namespace

template <>
const table& table_of<audit_row>() {
  static const auto result = make_table<audit_row>("audit", 1);
  return result;
}

template <>
const table& table_of<lease>() {
  static const auto result = make_table<lease>("lease", 1);
  return result;
}

template <>
const table& table_of<session_row>() {
  static const auto result = make_table<session_row>("session", 1);
  return result;
}

template <>
const table& table_of<session_run>() {
  static const auto result = make_table<session_run>("run", 2);
  return result;
}

template <>
const table& table_of<client_row>() {
  static const auto result = make_table<client_row>("client", 1);
  return result;
}

template <>
const table& table_of<browser_row>() {
  static const auto result = make_table<browser_row>("browser", 1);
  return result;
}

duration drift(const calendar& from, const calendar& to) {
  return (to.since_1970 - from.since_1970) - (to.here - from.here);
}

template <class Row>
cells to_cells(const Row& x, const calendar& when) {
  writer all{when};
  columns(all, const_cast<Row&>(x)); // One list of columns for both ways.
  return std::move(all).written();
}

template <class Row>
std::optional<Row> from_cells(const cells& from, const calendar& when) {
  reader all{from, when};
  Row result;
  columns(all, result);
  return all.good() ? std::optional{std::move(result)} : std::nullopt;
}

template cells to_cells(const audit_row&, const calendar&);
template cells to_cells(const lease&, const calendar&);
template cells to_cells(const session_row&, const calendar&);
template cells to_cells(const session_run&, const calendar&);
template cells to_cells(const client_row&, const calendar&);
template cells to_cells(const browser_row&, const calendar&);

template std::optional<audit_row> from_cells(const cells&, const calendar&);
template std::optional<lease> from_cells(const cells&, const calendar&);
template std::optional<session_row> from_cells(const cells&, const calendar&);
template std::optional<session_run> from_cells(const cells&, const calendar&);
template std::optional<client_row> from_cells(const cells&, const calendar&);
template std::optional<browser_row> from_cells(const cells&, const calendar&);

std::string join_lines(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& text : texts) {
    for (char c : text)
      result += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string{c};
    result += '\n';
  }
  return result;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> result;
  std::string line;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n')
      result.push_back(std::exchange(line, {}));
    else if (text[i] == '\\' && ++i < text.size())
      line += text[i] == 'n' ? '\n' : text[i];
    else if (i < text.size())
      line += text[i];
  }
  return result;
}

} // namespace berth::protocol
