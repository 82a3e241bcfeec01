#include "aludel/text/ngram_lm/text_lm.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/text/ngram_lm/kneser_ney.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

constexpr std::uint32_t kUnknown = 0;
constexpr std::uint32_t kBegin = 1;
constexpr std::uint32_t kEnd = 2;
constexpr std::uint32_t kFirstUnit = 3;
constexpr std::uint64_t kNumberSeed = 1;  // keeps these hashes apart from those of words

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::uint64_t hash_of_unit(std::string_view line, const Word& word) {
  std::string_view spelling = line.substr(word.begin, word.end - word.begin);
  if (word.kind != WordKind::word || std::ranges::none_of(spelling, is_digit)) return word.hash;
  std::string shape(spelling);
  for (char& c : shape) {
    if (is_digit(c)) c = '0';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return hash64(shape, kNumberSeed);
}

template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    visit(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void for_each_line_of_tokens(std::string_view text,
                             const std::function<void(std::span<const std::uint64_t>)>& visit) {
  constexpr std::string_view kSpaces = " \t\r\f\v";
  for_each_line(text, [&](std::string_view line) {
    std::vector<std::uint64_t> hashes;
    for (std::size_t at = line.find_first_not_of(kSpaces); at < line.size();) {
      const std::size_t end = std::min(line.find_first_of(kSpaces, at), line.size());
      hashes.push_back(hash64(line.substr(at, end - at)));
      at = line.find_first_not_of(kSpaces, end);
    }
    if (!hashes.empty()) visit(hashes);
  });
}

}  // namespace

void for_each_line_of_units(std::string_view text,
                            const std::function<void(std::span<const std::uint64_t>)>& visit) {
  std::vector<Word> words;
  std::vector<std::uint64_t> hashes;
  for_each_line(text, [&](std::string_view line) {
    words.clear();
    hashes.clear();
    append_words(line, Case::folded, words);
    for (const Word& word : words) {
      hashes.push_back(hash_of_unit(line, word));
    }
    if (!hashes.empty()) visit(hashes);
  });
}

void TextLmTrainer::add_text(std::string_view text) {
  for_each_line_of_units(text, [this](std::span<const std::uint64_t> hashes) {
    ++lines_;
    words_.push_back(kBegin);
    for (const std::uint64_t hash : hashes) {
      const auto next = static_cast<std::uint32_t>(ids_.size()) + kFirstUnit;
      words_.push_back(ids_.try_emplace(hash, next).first->second);
    }
    words_.push_back(kEnd);
  });
}

Result<NgramModel> TextLmTrainer::train(int order, Threads& threads) const {
  if (order < 1 || order > kMaxNgramOrder) {
    return Error{Code::invalid_argument,
                 fmt::format("[ngram_lm] order {}, expected 1 to {}", order, kMaxNgramOrder)};
  }
  if (words_.size() >= kNoNgramId) {
    return Error{Code::resource_exhausted, "[ngram_lm] 2^32 or more units to train on"};
  }
  NgramTables tables;
  tables.units = NgramUnits::words;
  tables.begin_id = kBegin;
  tables.end_id = kEnd;
  tables.unknown_id = kUnknown;
  const auto vocab_size = static_cast<std::uint32_t>(ids_.size()) + kFirstUnit;
  tables.levels = estimate_kneser_ney({words_, vocab_size, kBegin}, order, threads);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> units(ids_.begin(), ids_.end());
  std::ranges::sort(units);
  for (const auto& [hash, id] : units) {
    tables.unit_hashes.push_back(hash);
    tables.unit_ids.push_back(id);
  }
  return NgramModel::from_bytes(io::MappedFile(write_ngram_tables(tables)));
}

NgramScore score_text(const NgramModel& model, std::string_view text, NgramContext context) {
  ALUDEL_CHECK(model.units() != NgramUnits::ids, "a model of ids scores no text");
  NgramScore total;
  std::vector<std::uint32_t> line;
  const auto add_line = [&](std::span<const std::uint64_t> hashes) {
    line.clear();
    for (const std::uint64_t hash : hashes) {
      line.push_back(model.id_of_hash(hash));
    }
    if (model.end_id() != kNoNgramId) line.push_back(model.end_id());
    if (context == NgramContext::history) {
      total.add(model.score(line));
      return;
    }
    for (const std::uint32_t unit : line) {
      NgramState state = model.empty_state();
      total.add({model.log10_probability(state, unit), 1,
                 static_cast<std::uint64_t>(unit == model.unknown_id() ? 1 : 0)});
    }
  };
  if (model.units() == NgramUnits::words) {
    for_each_line_of_units(text, add_line);
  } else {
    for_each_line_of_tokens(text, add_line);
  }
  return total;
}

}  // namespace aludel::text
