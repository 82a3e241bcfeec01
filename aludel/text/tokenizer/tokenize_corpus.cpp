#include "aludel/text/tokenizer/tokenize_corpus.h"

#include <optional>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/stop.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/io/formats/token_shard/shuffle.h"
#include "aludel/text/tokenizer/held_out.h"
#include "aludel/text/tokenizer/shard_vocabulary.h"

namespace aludel::text {
namespace {

Json totals_to_json(const TokenTotals& totals) {
  Json json = Json::object();
  json["documents"] = totals.documents;
  json["tokens"] = totals.tokens;
  json["bytes"] = totals.bytes;
  return json;
}

bool is_held_out(const CorpusDocument& document, const TokenizeConfig& config) {
  const std::uint64_t hash = hash64(document.cluster, static_cast<std::uint64_t>(config.seed));
  return static_cast<double>(hash >> 11) * 0x1p-53 < config.holdout;
}

/// What of the corpus is to be held out, where that is to be compared with the rest.
Result<HeldOut> read_held_out(CorpusReader reader, const TokenizeConfig& config) {
  HeldOut held_out;
  Progress progress("tokenize: held-out documents", 0, "bytes");
  while (config.holdout > 0 && config.max_seen < 1) {
    if (stop_requested()) return Error{Code::cancelled, "[tokenize] stopped"};
    const std::vector<CorpusDocument> batch = ALUDEL_TRY(reader.next_batch());
    if (batch.empty()) break;
    for (const CorpusDocument& document : batch) {
      if (is_held_out(document, config)) held_out.add(document.text);
      progress.advance(document.text.size());
    }
  }
  held_out.finish();
  return held_out;
}

/// One split: its shard, its totals, and the shuffle that stands before the shard.
struct Split {
  io::TokenShardWriter shard;
  TokenTotals& totals;
  std::optional<io::TokenShuffle> shuffle = std::nullopt;

  Status add_document(const std::vector<std::int32_t>& ids) {
    return shuffle ? shuffle->add_document(ids) : shard.add_document(ids);
  }

  Status commit() {
    if (shuffle) ALUDEL_TRY(shuffle->write_to(shard));
    return shard.commit();
  }
};

Result<Split> start_split(io::FileSystem& files, const std::string& out, const std::string& name,
                          std::int64_t vocab_size, const TokenizeConfig& config,
                          TokenTotals& totals) {
  Split split{ALUDEL_TRY(io::TokenShardWriter::create(files, io::join_path(out, name), vocab_size)),
              totals};
  if (config.order == TokenOrder::shuffled) {
    const std::string& scratch = config.scratch.empty() ? out : config.scratch;
    split.shuffle =
        ALUDEL_TRY(io::TokenShuffle::start(files, io::join_path(scratch, "shuffling-" + name),
                                           static_cast<std::uint64_t>(config.seed)));
  }
  return split;
}

}  // namespace

void TokenTotals::add(const TokenTotals& other) {
  documents += other.documents;
  tokens += other.tokens;
  bytes += other.bytes;
}

Json TokenizeReport::to_json() const {
  TokenTotals all = train;
  all.add(valid);
  Json json = totals_to_json(all);
  json["splits"]["train"] = totals_to_json(train);
  json["splits"]["valid"] = totals_to_json(valid);
  json["held_out_but_seen"] = moved;
  json["sources"] = Json::object();
  for (const auto& [name, totals] : sources) {
    json["sources"][name] = totals_to_json(totals);
  }
  json["made_with"] = made_with;
  return json;
}

Json made_with(const Tokenizer& tokenizer, const TokenizeConfig& config) {
  Json made = Json::object();
  made["tokenizer"] = config.tokenizer;
  made["vocabulary"] = vocabulary_hash(tokenizer);
  made["holdout"] = config.holdout;
  made["max_seen"] = config.max_seen;
  made["seed"] = config.seed;
  made["order"] = config.order == TokenOrder::shuffled ? "shuffled" : "read";
  return made;
}

Status check_finished_tokens(io::FileSystem& files, const Tokenizer& tokenizer,
                             const std::string& out, const TokenizeConfig& config) {
  auto bytes = io::read_file(files, io::join_path(out, "tokens.json"));
  if (!bytes && bytes.error().code == Code::not_found) return Ok{};
  const Json totals = parse_json(ALUDEL_TRY(std::move(bytes))).value_or(Json::object());
  const Json* was = totals.find("made_with");
  std::vector<std::string> changes;
  if (was == nullptr) changes.emplace_back("they do not tell how they were made");
  const Json now = made_with(tokenizer, config);
  for (const auto& [name, value] : now.as_object()) {
    const Json* old = was == nullptr ? nullptr : was->find(name);
    if (old == nullptr || old->dump() == value.dump()) continue;
    changes.push_back(fmt::format("{}: {} -> {}", name, old->dump(), value.dump()));
  }
  if (changes.empty()) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[tokenize] {} holds other tokens; what differs: {}. --overwrite "
                           "replaces them, another --out keeps them",
                           out, fmt::join(changes, ", "))};
}

namespace {

/// The two splits while they are written. What is to be held out waits in a shard of its own until
/// all that is learnt was seen.
struct Splits {
  Split train;
  Split valid;
  io::TokenShardWriter waiting;
  std::string waiting_prefix;
  std::vector<TokenTotals> waiting_totals = {};

  static Result<Splits> start(io::FileSystem& files, const std::string& out,
                              std::int64_t vocab_size, const TokenizeConfig& config,
                              TokenizeReport& report) {
    const std::string prefix =
        io::join_path(config.scratch.empty() ? out : config.scratch, "held-out");
    return Splits{ALUDEL_TRY(start_split(files, out, "train", vocab_size, config, report.train)),
                  ALUDEL_TRY(start_split(files, out, "valid", vocab_size, config, report.valid)),
                  ALUDEL_TRY(io::TokenShardWriter::create(files, prefix, vocab_size)), prefix};
  }

  /// Deals out what waited, and removes its shard.
  Status deal(io::FileSystem& files, const HeldOut& held_out, double max_seen,
              TokenizeReport& report) {
    ALUDEL_TRY(waiting.commit());
    if (!waiting_totals.empty()) {
      const auto shard = ALUDEL_TRY(io::TokenShard::open(files, waiting_prefix));
      for (std::size_t i = 0; i < waiting_totals.size(); ++i) {
        const bool is_seen = i < held_out.documents() && held_out.seen(i) > max_seen;
        if (is_seen) ++report.moved;
        Split& split = is_seen ? train : valid;
        ALUDEL_TRY(split.add_document(shard.document(i)));
        split.totals.add(waiting_totals[i]);
      }
    }
    ALUDEL_TRY(files.remove(waiting_prefix + ".bin"));
    return files.remove(waiting_prefix + ".idx");
  }
};

}  // namespace

Result<TokenizeReport> tokenize_corpus(io::FileSystem& files, const Tokenizer& tokenizer,
                                       CorpusReader& reader, const std::string& out,
                                       const TokenizeConfig& config, Threads& threads) {
  const auto end_id = tokenizer.end_id();
  if (!end_id.has_value()) {
    return Error{Code::unsupported, "[tokenize] the tokenizer has no end piece"};
  }
  TokenizeReport report;
  report.made_with = made_with(tokenizer, config);
  ALUDEL_TRY(files.make_folders(out));
  HeldOut held_out = ALUDEL_TRY(read_held_out(reader.again(), config));
  Splits splits = ALUDEL_TRY(Splits::start(files, out, tokenizer.vocab_size(), config, report));
  std::vector<EncodeMemo> memos(static_cast<std::size_t>(threads.count()));
  Progress progress("tokenize", 0, "bytes");
  for (;;) {
    if (stop_requested()) return Error{Code::cancelled, "[tokenize] stopped"};
    const std::vector<CorpusDocument> batch = ALUDEL_TRY(reader.next_batch());
    if (batch.empty()) break;
    std::vector<std::vector<std::int32_t>> ids(batch.size());
    threads.parallel_for(batch.size(), [&](std::size_t i, int worker) {
      ids[i] = tokenizer.encode_for_model(batch[i].text, &memos[static_cast<std::size_t>(worker)]);
      ids[i].push_back(*end_id);
      if (!is_held_out(batch[i], config)) held_out.see(batch[i].text);
    });
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const TokenTotals one{1, ids[i].size(), batch[i].text.size()};
      if (is_held_out(batch[i], config)) {
        ALUDEL_TRY(splits.waiting.add_document(ids[i]));
        splits.waiting_totals.push_back(one);
      } else {
        ALUDEL_TRY(splits.train.add_document(ids[i]));
        splits.train.totals.add(one);
      }
      report.sources[batch[i].source].add(one);
      progress.advance(one.bytes);
    }
  }
  ALUDEL_TRY(reader.expect_documents("tokenize"));
  ALUDEL_TRY(splits.deal(files, held_out, config.max_seen, report));
  ALUDEL_TRY(splits.train.commit());
  ALUDEL_TRY(splits.valid.commit());
  ALUDEL_TRY(io::write_file(files, io::join_path(out, "tokens.json"),
                            report.to_json().dump_pretty() + "\n"));
  return report;
}

}  // namespace aludel::text
