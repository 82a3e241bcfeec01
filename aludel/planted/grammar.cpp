#include "aludel/planted/grammar.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "aludel/base/check.h"
#include "aludel/base/embedded.h"

namespace aludel::planted {

std::span<const EmbeddedFile> all_grammars();  // generated

namespace {

constexpr int kDeepest = 16;

/// The numbers of "2-99"; false for anything else.
bool parse_range(std::string_view text, int& lowest, int& highest) {
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, lowest);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return false;
  const auto second = std::from_chars(first.ptr + 1, end, highest);
  return second.ec == std::errc() && second.ptr == end;
}

}  // namespace

Grammar::Grammar(std::string_view text) {
  std::vector<std::string>* current = nullptr;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('@')) {
      current = &symbols_[std::string(line.substr(1))];
    } else {
      ALUDEL_CHECK(current != nullptr, "a grammar begins with a symbol");
      current->emplace_back(line);
    }
  }
}

const Grammar& Grammar::named(std::string_view name) {
  static const std::map<std::string_view, Grammar> grammars_by_name = [] {
    std::map<std::string_view, Grammar> grammars;
    for (const EmbeddedFile& file : all_grammars()) {
      grammars.emplace(file.name, Grammar(file.text));
    }
    return grammars;
  }();
  const auto found = grammars_by_name.find(name);
  ALUDEL_CHECK(found != grammars_by_name.end(), "no grammar of that name");
  return found->second;
}

bool Grammar::has(std::string_view symbol) const {
  return symbols_.find(symbol) != symbols_.end();
}

const std::vector<std::string>& Grammar::lines(std::string_view symbol) const {
  const auto found = symbols_.find(symbol);
  ALUDEL_CHECK(found != symbols_.end(), "a grammar lacks a symbol");
  return found->second;
}

std::string Grammar::write(std::string_view symbol, Rng& random) const {
  const auto& ways = lines(symbol);
  return expand(ways[random.below(ways.size())], random);
}

std::vector<std::string> Grammar::write_many(std::string_view symbol, std::size_t count,
                                             Rng& random) const {
  std::vector<std::string> sentences;
  std::vector<std::string> ways;
  while (sentences.size() < count) {
    if (ways.empty()) ways = lines(symbol);
    const std::size_t chosen = random.below(ways.size());
    sentences.push_back(expand(ways[chosen], random));
    ways.erase(ways.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
  return sentences;
}

std::string Grammar::expand(std::string_view line, Rng& random) const {
  std::string text(line);
  for (int depth = 0; depth < kDeepest; ++depth) {
    std::string next;
    std::size_t done = 0;
    bool is_changed = false;
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
      const auto close = text.find('}', open);
      if (close == std::string::npos) break;
      const std::string_view name = std::string_view(text).substr(open + 1, close - open - 1);
      int lowest = 0;
      int highest = 0;
      std::string with;
      if (parse_range(name, lowest, highest)) {
        const auto choices = static_cast<std::uint64_t>(highest - lowest) + 1;
        with = std::to_string(lowest + static_cast<int>(random.below(choices)));
      } else if (has(name)) {
        const auto& ways = lines(name);
        with = ways[random.below(ways.size())];
      } else {
        continue;  // {phrase} and {value}, which the caller fills in
      }
      next += std::string_view(text).substr(done, open - done);
      next += with;
      done = close + 1;
      is_changed = true;
    }
    if (!is_changed) break;
    text = next.append(text, done);
  }
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string replace_all(std::string text, std::string_view mark, std::string_view with) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + with.size())) {
    text.replace(at, mark.size(), with);
  }
  return text;
}

}  // namespace aludel::planted
