#include "aludel/text/tokenizer/tokenizer.h"

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/json_record.h"
#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/base/threads.h"
#include "aludel/io/codec.h"
#include "aludel/io/lines.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/corpus_reader.h"
#include "aludel/text/tokenizer/bpe_trainer.h"
#include "aludel/text/tokenizer_config.h"

namespace aludel::app {
namespace {

struct TrainOptions {
  std::vector<std::string> in;
  std::string out;
  text::BpeTrainerConfig trainer;
  std::int64_t threads = 0;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("in", in, "folders or files of JSONL or plain text (.gz, .zst or plain)");
    v("out", out, "folder for tokenizer.model, tokenizer.json and tokenizer_config.json");
    trainer.visit(v);
    v("threads", threads, "0: one per core", kThreadCounts);
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Result<text::WordCounts> count_words(const TrainOptions& options, io::FileSystem& files) {
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.in));
  Threads threads(static_cast<int>(options.threads));
  std::vector<text::WordCounts> of_worker(static_cast<std::size_t>(threads.count()));
  Progress progress("count words", 0, "bytes");
  for (;;) {
    if (stop_requested()) return Error{Code::cancelled, "[tokenizer train] stopped"};
    const auto batch = ALUDEL_TRY(reader.next_batch());
    if (batch.empty()) break;
    threads.parallel_for(batch.size(), [&](std::size_t i, int worker) {
      of_worker[static_cast<std::size_t>(worker)].add_text(batch[i].text);
      progress.advance(batch[i].text.size());
    });
  }
  for (std::size_t i = 1; i < of_worker.size(); ++i) {
    of_worker[0].merge(of_worker[i]);
  }
  ALUDEL_TRY(reader.expect_documents("tokenizer train"));
  return std::move(of_worker[0]);
}

Json describe(const text::Tokenizer& tokenizer) {
  const text::TokenizerModel& model = tokenizer.model();
  Json json = Json::object();
  json["vocab_size"] = tokenizer.vocab_size();
  json["begin_id"] = model.begin_id;
  json["end_id"] = model.end_id;
  json["unknown_id"] = model.unknown_id;
  json["byte_fallback"] = model.byte_fallback;
  json["begins_texts"] = model.begins_texts;
  json["begins_chats"] = model.begins_chats;
  json["dummy_prefix"] = model.dummy_prefix != text::DummyPrefix::none;
  json["merges"] = model.merges.empty() ? "by score" : "listed";
  json["specials"] = Json::object();
  for (std::int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.is_special(id)) json["specials"][tokenizer.piece(id)] = id;
  }
  return json;
}

Result<int> train(const CommandLine& line) {
  TrainOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.in.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[tokenizer train] give --in and --out"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto claim =
      ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(options.out, "tokenizer.json")));
  const text::WordCounts words = ALUDEL_TRY(count_words(options, files));
  log_info("{} unique words in {} bytes", words.counts().size(), words.bytes());
  auto model = ALUDEL_TRY(text::train_bpe(words, options.trainer));
  if (static_cast<std::int64_t>(model.pieces.size()) < options.trainer.vocab_size) {
    log_warning("the text has too few pairs for {} pieces", options.trainer.vocab_size);
  }
  const auto tokenizer = ALUDEL_TRY(text::Tokenizer::make(std::move(model)));
  ALUDEL_TRY(tokenizer.save(files, options.out));
  ALUDEL_TRY(io::write_file(files, io::join_path(options.out, "tokenizer_config.json"),
                            text::tokenizer_config(tokenizer).dump_pretty()));
  print(describe(tokenizer).dump());
  return kExitDone;
}

struct FilterOptions {
  std::string model;
  std::string in = "/dev/stdin";
  bool plain = false;
  bool specials = false;
  bool chat = false;

  template <class V>
  void visit(V& v) {
    v("model", model, "tokenizer.model, tokenizer.json or a folder with one");
    v("in", in, "file to read (.gz, .zst or plain)");
    v("plain", plain, "texts are raw lines instead of {\"text\":...}");
    v("specials", specials, "encode: <|im_end|> in a text is that id, not its letters");
    v("chat", chat, "encode: {\"messages\":[...]} lines as ChatML, open for the reply");
  }
};

/// Calls convert(line) for every line of the input and prints what it returns.
template <class Convert>
Result<int> filter_lines(const FilterOptions& options, io::FileSystem& files,
                         const Convert& convert) {
  io::LineReader lines(ALUDEL_TRY(io::open_decompressed(files, options.in)));
  for (std::string_view line; ALUDEL_TRY(lines.next(line));) {
    if (stop_requested()) return Error{Code::cancelled, "[tokenizer] stopped"};
    Result<std::string> converted = convert(line);
    if (!converted) {
      return std::move(converted).error().with_context(
          fmt::format("[tokenizer] line {}", lines.line_number()));
    }
    print(converted.value() + "\n");
  }
  return kExitDone;
}

Result<text::Tokenizer> load_tokenizer(const FilterOptions& options, io::FileSystem& files) {
  if (options.model.empty()) return Error{Code::invalid_argument, "[tokenizer] give --model"};
  return text::Tokenizer::load(files, options.model);
}

Result<std::string> text_of_line(std::string_view line) {
  const Json row = ALUDEL_TRY(parse_record(line));
  const Json* text = row.find("text");
  if (text == nullptr || !text->is_string()) {
    return Error{Code::corrupt_data, "expected {\"text\":\"...\"}"};
  }
  return text->as_string();
}

/// The ids of a conversation as a model reads it: the prompt that chat and server make.
Result<std::vector<std::int32_t>> ids_of_chat(const text::Tokenizer& tokenizer,
                                              std::string_view line) {
  const Json row = ALUDEL_TRY(parse_record(line));
  const auto messages = ALUDEL_TRY(text::read_messages(row));
  return ALUDEL_TRY(text::encode_chatml(tokenizer, messages, true)).ids;
}

Result<std::vector<std::int32_t>> ids_of_line(std::string_view line, std::int32_t vocab_size) {
  const Json row = ALUDEL_TRY(parse_record(line));
  const Json* list = row.find("ids");
  if (list == nullptr || !list->is_array()) {
    return Error{Code::corrupt_data, "expected {\"ids\":[...]}"};
  }
  std::vector<std::int32_t> ids;
  for (const Json& id : list->as_array()) {
    if (!id.is_integer() || id.as_integer() < 0 || id.as_integer() >= vocab_size) {
      return Error{Code::corrupt_data,
                   fmt::format("{} is no id of a vocabulary of {}", id.dump(), vocab_size)};
    }
    ids.push_back(static_cast<std::int32_t>(id.as_integer()));
  }
  return ids;
}

Result<int> encode(const CommandLine& line) {
  FilterOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  io::SchemeFileSystem files;
  const text::Tokenizer tokenizer = ALUDEL_TRY(load_tokenizer(options, files));
  text::EncodeMemo memo;
  const auto ids_of = [&](std::string_view row) -> Result<std::vector<std::int32_t>> {
    if (options.chat) return ids_of_chat(tokenizer, row);
    const std::string text = options.plain ? std::string(row) : ALUDEL_TRY(text_of_line(row));
    return options.specials ? tokenizer.encode_with_specials(text)
                            : tokenizer.encode(text, text::Tokenizer::Place::start, &memo);
  };
  return filter_lines(options, files, [&](std::string_view row) -> Result<std::string> {
    const auto ids = ALUDEL_TRY(ids_of(row));
    return fmt::format("{{\"ids\":[{}]}}", fmt::join(ids, ","));
  });
}

Result<int> decode(const CommandLine& line) {
  FilterOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  io::SchemeFileSystem files;
  const text::Tokenizer tokenizer = ALUDEL_TRY(load_tokenizer(options, files));
  return filter_lines(options, files, [&](std::string_view row) -> Result<std::string> {
    const auto ids = ALUDEL_TRY(ids_of_line(row, tokenizer.vocab_size()));
    const std::string text = tokenizer.decode(ids);
    if (options.plain) return text;
    Json json = Json::object();
    json["text"] = text;
    return json.dump();
  });
}

struct InspectOptions {
  std::string model;
  std::string text;

  template <class V>
  void visit(V& v) {
    v("model", model, "tokenizer.model, tokenizer.json or a folder with one");
    v("text", text, "show the pieces of this text");
  }
};

Result<int> inspect(const CommandLine& line) {
  InspectOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  if (options.model.empty()) {
    return Error{Code::invalid_argument, "[tokenizer inspect] give a tokenizer"};
  }
  io::SchemeFileSystem files;
  const text::Tokenizer tokenizer = ALUDEL_TRY(text::Tokenizer::load(files, options.model));
  if (options.text.empty()) {
    print(describe(tokenizer).dump_pretty());
    return kExitDone;
  }
  for (const std::int32_t id : tokenizer.encode(options.text)) {
    print(fmt::format("{:>6} {}", id, tokenizer.piece(id)));
  }
  return kExitDone;
}

Result<int> run(const CommandLine& line) {
  constexpr Action kActions[] = {
      {"train", train}, {"encode", encode}, {"decode", decode}, {"inspect", inspect}};
  return run_action(line, kActions);
}

}  // namespace

extern constinit const CommandSpec command_tokenizer = {
    .name = "tokenizer",
    .summary = "Trains and uses byte-fallback BPE tokenizers (SentencePiece, tokenizer.json).",
    .details =
        "aludel tokenizer train --in PATH... --out DIR [--vocab-size N]\n"
        "    writes tokenizer.model and tokenizer.json, which give the same ids, and\n"
        "    tokenizer_config.json with the chat template\n"
        "aludel tokenizer encode --model TOK [--plain] < texts.jsonl > ids.jsonl\n"
        "    {\"text\":\"...\"} lines (with --plain raw lines) to {\"ids\":[...]} lines\n"
        "    with --chat, {\"messages\":[...]} lines to the prompt that a chat model reads\n"
        "aludel tokenizer decode --model TOK [--plain] < ids.jsonl > texts.jsonl\n"
        "    the inverse\n"
        "aludel tokenizer inspect TOK [--text TEXT]\n"
        "    what it is, or the pieces of a text\n"
        "Each takes --help. Example: aludel tokenizer train --in runs/curated/kept --out runs/tok",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
