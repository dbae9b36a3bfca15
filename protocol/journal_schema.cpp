#include "protocol/journal_schema.hpp"

namespace berth::protocol {

namespace {

/// Times are nanoseconds: instants since 1970, zero if there is none. Words
/// are kept by their names. `meta` has the epoch,
/// and the number of the last session that was opened.
constexpr auto version_1 = R"(
CREATE TABLE meta (
  name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', 0);
CREATE TABLE audit (
  serial INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL, lease INTEGER NOT NULL, token_epoch INTEGER NOT NULL,
  token_sequence INTEGER NOT NULL, client INTEGER NOT NULL,
  ticket INTEGER NOT NULL, slot INTEGER NOT NULL, session INTEGER NOT NULL,
  run INTEGER NOT NULL, length INTEGER NOT NULL, key TEXT NOT NULL,
  target TEXT NOT NULL, generation INTEGER NOT NULL, cause TEXT NOT NULL,
  ahead INTEGER NOT NULL, estimate INTEGER NOT NULL,
  detail TEXT NOT NULL) STRICT;
CREATE TABLE lease (
  id INTEGER PRIMARY KEY, token_epoch INTEGER NOT NULL,
  token_sequence INTEGER NOT NULL, key TEXT NOT NULL, holder TEXT NOT NULL,
  client INTEGER NOT NULL, slot INTEGER NOT NULL, profile TEXT NOT NULL,
  state TEXT NOT NULL, target TEXT NOT NULL, generation INTEGER NOT NULL,
  ttl INTEGER NOT NULL, grace INTEGER NOT NULL) STRICT;
CREATE TABLE session (
  id INTEGER PRIMARY KEY, provider TEXT NOT NULL, addresses TEXT NOT NULL,
  owner INTEGER NOT NULL, over TEXT NOT NULL, runs_made INTEGER NOT NULL,
  used INTEGER NOT NULL, closed INTEGER NOT NULL) STRICT;
CREATE TABLE run (
  session INTEGER NOT NULL REFERENCES session (id)
    DEFERRABLE INITIALLY DEFERRED,
  id INTEGER NOT NULL, leg INTEGER NOT NULL, prompt TEXT NOT NULL,
  files TEXT NOT NULL, model TEXT NOT NULL, effort TEXT NOT NULL,
  background INTEGER NOT NULL, replaces INTEGER NOT NULL, due INTEGER NOT NULL,
  queued_until INTEGER NOT NULL, timeout INTEGER NOT NULL,
  state TEXT NOT NULL, hold TEXT NOT NULL, yields INTEGER NOT NULL,
  again INTEGER NOT NULL,
  result TEXT NOT NULL, why TEXT NOT NULL, why_what TEXT NOT NULL,
  why_retry_after INTEGER NOT NULL, why_cause TEXT NOT NULL,
  why_generation INTEGER NOT NULL, why_owner INTEGER NOT NULL,
  why_restorable INTEGER NOT NULL, provider TEXT NOT NULL, url TEXT NOT NULL,
  title TEXT NOT NULL, length INTEGER NOT NULL, answer TEXT NOT NULL,
  started INTEGER NOT NULL, deadline INTEGER NOT NULL,
  settled INTEGER NOT NULL, tabs_lost INTEGER NOT NULL,
  PRIMARY KEY (session, id)) STRICT, WITHOUT ROWID;
CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE browser (
  name TEXT PRIMARY KEY, up INTEGER NOT NULL,
  detail TEXT NOT NULL) STRICT, WITHOUT ROWID;
)";

/// More than one browser; without a name it is the first one. Where tabs are.
constexpr auto version_2 = R"(
ALTER TABLE audit ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE lease ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE lease ADD COLUMN url TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
)";

/// Where downloads of a lease go.
constexpr auto version_3 = R"(
ALTER TABLE lease ADD COLUMN downloads TEXT NOT NULL DEFAULT '';
)";

} // namespace

const std::vector<const char*>& journal_steps() {
  static const std::vector<const char*> all{version_1, version_2, version_3};
  return all;
}

} // namespace berth::protocol
