#include "aludel/text/ngram_lm/ngram_tables.h"

#include <cstring>

#include "aludel/text/ngram_lm/ngram_file.h"

namespace aludel::text {
namespace {

template <class T>
void append_field(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_unigrams(std::string& out, const NgramLevel& level) {
  const std::size_t count = level.probability.size();
  for (std::size_t i = 0; i <= count; ++i) {  // the last one only ends the children before it
    append_field(out, i < count ? level.probability[i] : 0.0F);
    append_field(out, i < count && !level.backoff.empty() ? level.backoff[i] : 0.0F);
    append_field(out, level.first_child.empty() ? 0U : level.first_child[i]);
  }
}

void append_middle(std::string& out, const NgramLevel& level) {
  const std::size_t count = level.word.size();
  for (std::size_t i = 0; i <= count; ++i) {
    append_field(out, i < count ? level.word[i] : 0U);
    append_field(out, i < count ? level.probability[i] : 0.0F);
    append_field(out, i < count ? level.backoff[i] : 0.0F);
    append_field(out, level.first_child[i]);
  }
}

void append_last(std::string& out, const NgramLevel& level) {
  for (std::size_t i = 0; i < level.word.size(); ++i) {
    append_field(out, level.word[i]);
    append_field(out, level.probability[i]);
  }
}

}  // namespace

std::string write_ngram_tables(const NgramTables& tables) {
  std::string out(kNgramFileMagic);
  append_field(out, kNgramFileVersion);
  append_field(out, static_cast<std::uint32_t>(tables.levels.size()));
  append_field(out, static_cast<std::uint32_t>(tables.units));
  append_field(out, tables.begin_id);
  append_field(out, tables.end_id);
  append_field(out, tables.unknown_id);
  append_field(out, std::uint64_t{tables.unit_hashes.size()});
  for (std::size_t i = 0; i < kMaxNgramOrder; ++i) {
    const std::size_t count = i < tables.levels.size() ? tables.levels[i].probability.size() : 0;
    append_field(out, std::uint64_t{count});
  }
  for (const std::uint64_t hash : tables.unit_hashes) {
    append_field(out, hash);
  }
  for (const std::uint32_t id : tables.unit_ids) {
    append_field(out, id);
  }
  append_unigrams(out, tables.levels[0]);
  for (std::size_t i = 1; i + 1 < tables.levels.size(); ++i) {
    append_middle(out, tables.levels[i]);
  }
  if (tables.levels.size() > 1) append_last(out, tables.levels.back());
  return out;
}

}  // namespace aludel::text
