#include "app/commands/curate/words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace aludel::app {
namespace {

struct Taken {
  std::string_view flag;
  std::string_view what;
};

constexpr Taken kNeverEmpty[] = {
    {"--in", "files, folders, patterns or addresses"},
    {"--out", "a folder"},
    {"--recover", "a rule, as 'metrics:too_few_words score<1.5'"},
    {"--explain", "the id or URL of a document"},
    {"--forget", "a file with an id or URL a line"},
    {"--redecide", "the folder of an annotated run"},
    {"--plan", "the folder of a finished run"},
};

constexpr std::string_view kOfForget[] = {"--forget", "--tokens", "--tokenizer",
                                          "--strict", "--json",   "--threads"};

std::string_view flag_of(std::string_view word) {
  return word.substr(0, word.find('='));
}

}  // namespace

Status check_said(const CommandLine& line) {
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    const std::string& word = line.words[i];
    const auto* taken = std::ranges::find(kNeverEmpty, flag_of(word), &Taken::flag);
    if (taken == std::end(kNeverEmpty)) continue;
    const bool has_next = i + 1 < line.words.size();
    const bool is_empty = word == taken->flag ? has_next && line.words[i + 1].empty()
                                              : word.size() == taken->flag.size() + 1;
    if (!is_empty) continue;
    return Error{Code::invalid_argument,
                 fmt::format("[curate] {} is empty: it takes {}", taken->flag, taken->what)};
  }
  return Ok{};
}

Status check_forget(const CommandLine& line) {
  for (const std::string& word : line.words) {
    const std::string_view flag = flag_of(word);
    if (!flag.starts_with("--") || std::ranges::find(kOfForget, flag) != std::end(kOfForget)) {
      continue;
    }
    return Error{Code::invalid_argument,
                 fmt::format("[curate] --forget takes only {}; leave {} out",
                             fmt::join(kOfForget, ", "), flag)};
  }
  return Ok{};
}

}  // namespace aludel::app
