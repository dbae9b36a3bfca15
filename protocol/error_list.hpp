// Every failure that a user can meet, as a page of the documents.

#pragma once

#include <string>

namespace berth::protocol {

/// docs/errors.md, whole.
std::string error_list();

} // namespace berth::protocol
