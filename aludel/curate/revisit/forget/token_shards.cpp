#include "aludel/curate/revisit/forget/token_shards.h"

#include <span>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/io/json_file.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kSplits[] = {"train", "valid"};
constexpr std::string_view kShardStaging = "forgetting";

std::string key_of(std::span<const std::int32_t> ids) {
  return hash128({reinterpret_cast<const char*>(ids.data()), ids.size_bytes()}).hex();
}

/// Subtracts one document from {"documents", "tokens", "bytes"}.
void subtract(Json* totals, std::uint64_t tokens, std::uint64_t bytes) {
  if (totals == nullptr) return;
  const auto less = [totals](std::string_view key, std::uint64_t count) {
    (*totals)[key] = totals->integer_or(key, 0) - static_cast<std::int64_t>(count);
  };
  less("documents", 1);
  less("tokens", tokens);
  less("bytes", bytes);
}

class ShardStage {
 public:
  ShardStage(io::FileSystem& files, const text::Tokenizer& tokenizer, const std::string& folder)
      : files_(files), tokenizer_(tokenizer), folder_(folder) {}

  Result<ForgottenTokens> run(const std::vector<FoundDocument>& documents,
                              Transaction& transaction) {
    const auto end_id = tokenizer_.end_id();
    if (!end_id) return Error{Code::unsupported, "[forget] the tokenizer has no end piece"};
    for (const FoundDocument& document : documents) {
      if (document.text.empty()) continue;
      std::vector<std::int32_t> ids = tokenizer_.encode(document.text);
      ids.push_back(*end_id);
      wanted_[key_of(ids)].push_back(&document);
      ++missing_;
    }
    const std::string totals_path = io::join_path(folder_, "tokens.json");
    totals_ = ALUDEL_TRY(io::read_json_object(files_, totals_path));
    ALUDEL_TRY(files_.remove(staged("")));
    ALUDEL_TRY(files_.make_folders(staged("")));
    for (const std::string_view split : kSplits) {
      ALUDEL_TRY(stage_split(std::string(split)));
    }
    if (missing_ > 0) {
      return Error{Code::invalid_argument,
                   fmt::format("[forget] {} of the kept documents are not in the token shards of "
                               "{}: were they made of this run, with this tokenizer?",
                               missing_, folder_)};
    }
    ALUDEL_TRY(io::write_file(files_, staged("tokens.json"), totals_.dump_pretty() + "\n"));
    result_.files.push_back({staged("tokens.json"), totals_path});
    for (const StagedFile& file : result_.files) {
      transaction.move(file.staged, file.target);
    }
    transaction.remove(staged(""));
    return std::move(result_);
  }

 private:
  std::string staged(std::string_view name) const {
    const std::string staging = io::join_path(folder_, kShardStaging);
    return name.empty() ? staging : io::join_path(staging, name);
  }

  Status stage_split(const std::string& split) {
    const std::string prefix = io::join_path(folder_, split);
    const auto shard = ALUDEL_TRY(io::TokenShard::open(files_, prefix));
    auto writer =
        ALUDEL_TRY(io::TokenShardWriter::create(files_, staged(split), tokenizer_.vocab_size()));
    for (std::uint64_t i = 0; i < shard.document_count(); ++i) {
      const std::vector<std::int32_t> ids = shard.document(i);
      const auto found = wanted_.find(key_of(ids));
      if (found == wanted_.end() || found->second.empty()) {
        ALUDEL_TRY(writer.add_document(ids));
        continue;
      }
      const FoundDocument& document = *found->second.back();
      found->second.pop_back();
      --missing_;
      result_.by_source[document.source] += ids.size();
      subtract(&totals_, ids.size(), document.bytes);
      Json* splits = totals_.find("splits");
      subtract(splits == nullptr ? nullptr : splits->find(split), ids.size(), document.bytes);
      Json* sources = totals_.find("sources");
      subtract(sources == nullptr ? nullptr : sources->find(document.source), ids.size(),
               document.bytes);
    }
    ALUDEL_TRY(writer.commit());
    for (const char* ending : {".bin", ".idx"}) {
      result_.files.push_back({staged(split + ending), prefix + ending});
    }
    return Ok{};
  }

  io::FileSystem& files_;
  const text::Tokenizer& tokenizer_;
  const std::string& folder_;
  std::map<std::string, std::vector<const FoundDocument*>>
      wanted_;  // by the hash of their ids of tokens
  std::uint64_t missing_ = 0;
  Json totals_;
  ForgottenTokens result_;
};

}  // namespace

Result<ForgottenTokens> stage_token_shards(io::FileSystem& files, const text::Tokenizer& tokenizer,
                                           const std::string& folder,
                                           const std::vector<FoundDocument>& documents,
                                           Transaction& transaction) {
  return ShardStage(files, tokenizer, folder).run(documents, transaction);
}

}  // namespace aludel::curate
