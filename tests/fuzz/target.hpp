// One fuzzed reader: its file defines `try_input`, which may do with the text
// what it likes but crash. libFuzzer drives it (preset `fuzz`), or driver.cpp,
// which any compiler builds and every ./test runs.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace berth::fuzz {

void try_input(std::string_view text);

} // namespace berth::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
