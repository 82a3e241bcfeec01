#include "app/commands/curate/words.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel::app {
namespace {

struct Taken {
  std::string_view flag;
  std::string_view what;
};

constexpr Taken kNeverEmpty[] = {
    {"--in", "files, folders, patterns or addresses"},
    {"--out", "a folder"},
    {"--config", "a TOML file"},
};

struct Moved {
  std::string_view flag;
  std::string_view now;
};

constexpr Moved kMoved[] = {
    {"--explain", "explain RUN ID"},
    {"--redecide", "redecide RUN"},
    {"--recover", "recover RUN RULE"},
    {"--forget", "forget RUN FILE"},
    {"--tokens", "forget RUN FILE --tokens FOLDER --tokenizer TOKENIZER"},
    {"--tokenizer", "forget RUN FILE --tokens FOLDER --tokenizer TOKENIZER"},
    {"--plan", "forecast CONFIG RUN RUN"},
    {"--plan-bytes", "forecast CONFIG RUN RUN --bytes 84TB"},
    {"--cores", "forecast CONFIG RUN RUN --cores 64"},
    {"--price", "forecast CONFIG RUN RUN --price 0.03"},
};

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
    return Error{Code::invalid_argument, fmt::format("[{}] {} is empty: it takes {}",
                                                     line.command.name, taken->flag, taken->what)};
  }
  return Ok{};
}

Status check_moved(const CommandLine& line) {
  for (const std::string& word : line.words) {
    const auto* moved = std::ranges::find(kMoved, flag_of(word), &Moved::flag);
    if (moved == std::end(kMoved)) continue;
    return Error{
        Code::invalid_argument,
        fmt::format("[curate] {} is now an action: aludel corpus {}", moved->flag, moved->now)};
  }
  return Ok{};
}

}  // namespace aludel::app
