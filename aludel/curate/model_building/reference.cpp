#include "aludel/curate/model_building/reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/rng.h"
#include "aludel/base/stop.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/safety/taxonomy.h"
#include "aludel/text/corpus_reader.h"
#include "aludel/text/words.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kBlock = 8;  // passages: neighbours share words, so they are kept together

void add_document(const text::CorpusDocument& document, const ModelsConfig& config,
                  Reference& reference) {
  const auto passages = cut_passages(document.text, static_cast<std::size_t>(config.passage_words));
  bool is_held_out = false;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    if (i % kBlock == 0) {
      Rng random(static_cast<std::uint64_t>(config.seed), hash64(passages[i]));
      is_held_out = random.uniform() < config.held_out;
    }
    reference.passages.push_back(passages[i]);
    reference.held_out.push_back(is_held_out);
    reference.labels.push_back(document.label);
  }
  ++reference.documents;
  reference.bytes += document.text.size();
}

/// Checks that the document states the label that a role "safety:*" or "topic:*" needs.
Status check_label(const text::CorpusDocument& document, const ReferenceConfig& declared) {
  for (const std::string& role : declared.roles) {
    if (!role.ends_with(":*")) continue;
    const bool is_known = role == "topic:*" || document.label == safety::kSafeLabel ||
                          safety::find_safety_class(document.label).has_value();
    if (!document.label.empty() && is_known) continue;
    return Error{Code::corrupt_data,
                 fmt::format("{}, document {}: role {} needs a `label`, and '{}' names no class",
                             declared.path.front(), document.id, role, document.label)};
  }
  return Ok{};
}

}  // namespace

bool Reference::has_role(std::string_view role) const {
  return std::ranges::find(config.roles, role) != config.roles.end();
}

std::vector<std::string> cut_passages(std::string_view text, std::size_t words) {
  std::vector<std::string> passages;
  std::string passage;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = text.substr(at, end - at);
    passage += line;
    count += text::word_hashes(line).size();
    at = end;
    if (count < words) continue;
    passages.push_back(std::move(passage));
    passage.clear();
    count = 0;
  }
  if (count == 0) return passages;
  if (count < words / 2 && !passages.empty()) {
    passages.back() += passage;
  } else {
    passages.push_back(std::move(passage));
  }
  return passages;
}

Result<std::vector<Reference>> read_references(io::FileSystem& files, const ModelsConfig& config) {
  std::vector<Reference> references;
  for (const ReferenceConfig& declared : config.reference) {
    Reference& reference = references.emplace_back();
    reference.config = declared;
    auto reader = ALUDEL_TRY(text::CorpusReader::open(files, declared.path));
    Hasher128 hasher;
    text::CorpusDocument document;
    while (ALUDEL_TRY(reader.next(document))) {
      if (stop_requested()) return Error{Code::cancelled, "[models] stopped"};
      hasher.update(document.text);
      hasher.update("\n\n");
      ALUDEL_TRY(check_label(document, declared));
      add_document(document, config, reference);
    }
    reader.warn_of_bad_lines("models build");
    if (reference.passages.empty()) {
      return Error{Code::invalid_argument,
                   fmt::format("[models] no text in reference {}", declared.path.front())};
    }
    reference.hash = hasher.digest();
  }
  return references;
}

}  // namespace aludel::curate
