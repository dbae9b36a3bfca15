#include "journal/audit_tail.hpp"

#include "journal/file.hpp"

namespace berth::journal {

using namespace protocol;

audit_tail::audit_tail(database file, statement query, std::string path)
  : file_{std::move(file)},
    query_{std::move(query)},
    path_{std::move(path)},
    when_{today()} {
  // nop
}

outcome<audit_tail> audit_tail::open(const std::string& path) {
  auto file = database::open(path, access::read);
  if (!file)
    return file.error();
  auto query = file->prepare(select_all<audit_row>()
                             + " WHERE serial > ? ORDER BY serial");
  if (!query)
    return query.error();
  return audit_tail{std::move(*file), std::move(*query), path};
}

outcome<std::vector<audit_row>> audit_tail::read() {
  std::vector<audit_row> result;
  when_ = today();
  auto read = query_.each(
    [&](const cells& x) -> outcome<void> {
      auto row = from_cells<audit_row>(x, when_);
      if (!row)
        return damaged(path_, "a row of the audit makes no sense");
      result.push_back(std::move(*row));
      return {};
    },
    {static_cast<int64_t>(last_)});
  if (!read)
    return read.error();
  if (!result.empty())
    last_ = result.back().serial;
  return result;
}

} // namespace berth::journal
