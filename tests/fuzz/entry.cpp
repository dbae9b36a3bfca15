#include "tests/fuzz/target.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  berth::fuzz::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
