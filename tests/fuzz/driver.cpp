// Stands for libFuzzer where there is none: replays a corpus, then so many
// mutations of it. What it tries before it crashes is in the file --last.
//
//   envelope_fuzz CORPUS [--mutations N] [--seed S] [--last FILE]

#include "tests/fuzz/mutation.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct plan {
  std::string corpus;
  uint64_t mutations = 0;
  uint64_t seed = 1;
  std::string last;
};

std::vector<std::string> read_corpus(const std::string& from) {
  std::vector<fs::path> paths;
  if (fs::is_regular_file(from))
    paths.emplace_back(from);
  else
    for (const auto& x : fs::directory_iterator{from})
      paths.push_back(x.path());
  std::ranges::sort(paths);
  std::vector<std::string> result;
  for (const auto& path : paths) {
    std::ostringstream text;
    text << std::ifstream{path, std::ios::binary}.rdbuf();
    result.push_back(text.str());
  }
  return result;
}

void try_one(const plan& how, const std::string& text) {
  if (!how.last.empty())
    std::ofstream{how.last, std::ios::binary} << text;
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text.data()),
                         text.size());
}

bool read_plan(int argc, char** argv, plan& out) {
  for (int i = 1; i < argc; ++i) {
    std::string_view word{argv[i]};
    if (!word.starts_with("--")) {
      out.corpus = word;
      continue;
    }
    if (i + 1 == argc)
      return false;
    std::string value{argv[++i]};
    if (word == "--mutations")
      out.mutations = std::strtoull(value.c_str(), nullptr, 10);
    else if (word == "--seed")
      out.seed = std::strtoull(value.c_str(), nullptr, 10);
    else if (word == "--last")
      out.last = value;
    else
      return false;
  }
  return fs::exists(out.corpus);
}

} // namespace

int main(int argc, char** argv) {
  plan how;
  if (!read_plan(argc, argv, how)) {
    std::fprintf(stderr,
                 "usage: %s CORPUS [--mutations N] [--seed S] "
                 "[--last FILE]\n",
                 argv[0]);
    return 2;
  }
  auto corpus = read_corpus(how.corpus);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s is empty.\n", how.corpus.c_str());
    return 1;
  }
  for (const auto& text : corpus)
    try_one(how, text);
  berth::fuzz::mutator next{how.seed};
  for (uint64_t i = 0; i < how.mutations; ++i)
    try_one(how, next.next(corpus));
  std::printf("%zu of the corpus, %llu mutations\n", corpus.size(),
              static_cast<unsigned long long>(how.mutations));
  return 0;
}
