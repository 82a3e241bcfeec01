#include "aludel/text/tokenizer/tokenizer.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/stream_decoder.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

namespace aludel::text {
namespace {

using Ids = std::vector<std::int32_t>;

/// <unk>, <s>, </s>, the byte pieces (3 to 258), then `merged` with falling scores.
TokenizerModel model_of(const std::vector<std::string>& merged) {
  TokenizerModel model;
  model.pieces = {{"<unk>", 0, PieceKind::unknown},
                  {"<s>", 0, PieceKind::control},
                  {"</s>", 0, PieceKind::control}};
  for (int byte = 0; byte < 256; ++byte) {
    model.pieces.push_back({piece_of_byte(byte), 0, PieceKind::byte});
  }
  for (const std::string& text : merged) {
    const float score = -static_cast<float>(model.pieces.size());
    model.pieces.push_back({text, score, PieceKind::normal});
  }
  model.begin_id = 1;
  model.end_id = 2;
  model.keep_space_mark = true;
  return model;
}

Tokenizer make(TokenizerModel model) {
  return std::move(Tokenizer::make(std::move(model))).value();
}

Tokenizer small_tokenizer() {
  return make(
      model_of({"▁t", "he", "▁the", "aa", "aaa", "a", "t", "h", "e", "▁", "中", "文", "中文"}));
}

std::vector<std::string> pieces_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> pieces;
  for (const std::int32_t id : tokenizer.encode(text)) {
    pieces.emplace_back(tokenizer.piece(id));
  }
  return pieces;
}

using Pieces = std::vector<std::string>;

/// SentencePiece's rule as it reads, without tables: the slow reference.
Pieces merge_by_the_book(const TokenizerModel& model, std::string_view text) {
  Pieces symbols;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = decode_utf8(text, at).size_bytes;
    symbols.push_back(spaces_to_marks(text.substr(at, size)));
    at += size;
  }
  for (;;) {
    float best_score = -std::numeric_limits<float>::infinity();
    std::size_t best = symbols.size();
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      for (const Piece& piece : model.pieces) {
        if (piece.kind != PieceKind::normal || piece.text != symbols[i] + symbols[i + 1]) continue;
        if (piece.score > best_score) best = i;
        best_score = std::max(best_score, piece.score);
      }
    }
    if (best == symbols.size()) return symbols;
    symbols[best] += symbols[best + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

TEST(BpeEncoder, MergesTheBestScoreFirstAndTheLeftmostAmongEquals) {
  const Tokenizer tokenizer = small_tokenizer();
  EXPECT_EQ(pieces_of(tokenizer, "the the"), (Pieces{"t", "he", "▁the"}));
  EXPECT_EQ(pieces_of(tokenizer, "aaaa"), (Pieces{"aa", "aa"}));
  EXPECT_EQ(pieces_of(tokenizer, "aaaaa"), (Pieces{"aa", "aaa"}));
  EXPECT_EQ(pieces_of(tokenizer, "中文"), (Pieces{"中文"}));
}

TEST(BpeEncoder, AgreesWithTheSlowReferenceOnRandomVocabulariesAndTexts) {
  for (std::uint64_t round = 0; round < 60; ++round) {
    Rng rng(7, round);
    const auto letters = [&rng](std::size_t count) {
      std::string text;
      for (std::size_t i = 0; i < count; ++i) {
        text += "ab c"[rng.below(4)];
      }
      return text;
    };
    std::vector<std::string> merged = {"a", "b", "c", "▁"};
    for (int i = 0; i < 40; ++i) {
      const std::string piece = spaces_to_marks(letters(2 + rng.below(4)));
      if (std::ranges::find(merged, piece) == merged.end()) merged.push_back(piece);
    }
    TokenizerModel model = model_of(merged);
    for (Piece& piece : model.pieces) {  // some scores are equal
      piece.score = -static_cast<float>(rng.below(20));
    }
    const Tokenizer tokenizer = make(model);
    for (int i = 0; i < 5; ++i) {  // short chunks, then one for the heap
      const std::string text = letters(i < 4 ? rng.below(40) : 120);
      EXPECT_EQ(pieces_of(tokenizer, text), merge_by_the_book(model, text)) << text;
    }
  }
}

TEST(BpeEncoder, MergesCharactersThatAreNoPiecesThemselves) {
  const Tokenizer tokenizer = make(model_of({"xy"}));
  EXPECT_EQ(pieces_of(tokenizer, "xyx"), (Pieces{"xy", "<0x78>"}));
}

TEST(BpeEncoder, WritesNeighboursWithoutPieceAsOneUnknownWhereBytesAreOff) {
  TokenizerModel model = model_of({"a"});
  model.byte_fallback = false;
  EXPECT_EQ(make(model).encode("a中文a"), (Ids{259, 0, 259}));
}

TEST(Tokenizer, RoundTripsArbitraryBytes) {
  const Tokenizer tokenizer = small_tokenizer();
  Rng rng(1, 2);
  const std::string_view some[] = {"the",  " the", "▁",  "  ",  "\xE2\x96",
                                   "中文", "<s>",  "\n", "\xFF"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::uint64_t i = rng.below(20); i > 0; --i) {
      if (rng.below(2) == 0) {
        text += static_cast<char>(rng.below(256));
      } else {
        text += some[rng.below(std::size(some))];
      }
    }
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
  }
}

TEST(EncodeMemo, ChangesNoIds) {
  for (const bool byte_fallback : {true, false}) {
    TokenizerModel model =
        model_of({"▁t", "he", "▁the", "aa", "aaa", "a", "t", "h", "e", "▁", "中", "文", "中文"});
    model.byte_fallback = byte_fallback;
    const Tokenizer tokenizer = make(std::move(model));
    EncodeMemo memo;
    Rng random(5, 5);
    for (int i = 0; i < 3000; ++i) {
      std::string text;
      for (std::uint64_t n = random.below(12); n > 0; --n) {
        constexpr std::string_view kParts[] = {
            "the", " ",  "a",  "aaaaaaaaaaaaaaaaaaaa",    "中文",
            "z",   "\n", "中", std::string_view("\0", 1), "\xff"};
        text += kParts[random.below(std::size(kParts))];
      }
      EXPECT_EQ(tokenizer.encode(text, Tokenizer::Place::start, &memo), tokenizer.encode(text))
          << text;
    }
  }
}

TEST(EncodeMemo, TellsStretchesOfZerosApart) {
  EncodeMemo memo;
  const std::string zeros(40, '\0');
  const Ids three = {1, 2, 3};
  memo.keep(EncodeMemo::key_of(zeros, 0, 3), three);
  EXPECT_TRUE(std::ranges::equal(memo.find(EncodeMemo::key_of(zeros, 30, 3)), three));
  for (const std::size_t size : {1U, 2U, 4U, 8U, 9U, 16U}) {
    EXPECT_TRUE(memo.find(EncodeMemo::key_of(zeros, 0, size)).empty());
  }
}

TEST(Tokenizer, TreatsSpecialsInATextAsPlainText) {
  const Tokenizer tokenizer = small_tokenizer();
  const Ids plain = tokenizer.encode("</s>");
  EXPECT_TRUE(
      std::ranges::none_of(plain, [&](std::int32_t id) { return tokenizer.is_special(id); }));
  EXPECT_EQ(tokenizer.decode(plain), "</s>");
  EXPECT_EQ(tokenizer.encode_with_specials("a</s>a"), (Ids{264, 2, 264}));
  EXPECT_EQ(tokenizer.decode(Ids{264, 2, 264}), "aa");
}

TEST(Tokenizer, CutsTheLongestUserDefinedPieceOutOfTheText) {
  TokenizerModel model = model_of({"a", "b", "ab"});
  model.pieces.push_back({"aab", 0, PieceKind::user_defined});
  model.pieces.push_back({"aa", 0, PieceKind::user_defined});
  model.pieces.push_back({"<|im_end|>", 0, PieceKind::user_defined});
  const Tokenizer tokenizer = make(model);
  EXPECT_EQ(pieces_of(tokenizer, "aaaabab"), (Pieces{"aa", "aab", "ab"}));
  EXPECT_TRUE(tokenizer.is_special(264));
  EXPECT_GT(tokenizer.encode("<|im_end|>").size(), 1U);
  EXPECT_EQ(tokenizer.encode_with_specials("a<|im_end|>"), (Ids{259, 264}));
}

TEST(Tokenizer, PutsAndDropsTheDummyPrefixOnce) {
  TokenizerModel model = model_of({"▁t", "he", "▁the", "t", "▁"});
  model.dummy_prefix = DummyPrefix::text;
  const Tokenizer tokenizer = make(model);
  EXPECT_EQ(pieces_of(tokenizer, "the"), (Pieces{"▁the"}));
  EXPECT_EQ(pieces_of(tokenizer, " the"), (Pieces{"▁", "▁the"}));
  EXPECT_TRUE(tokenizer.encode("").empty());
  EXPECT_EQ(tokenizer.decode(tokenizer.encode(" the")), " the");
  EXPECT_EQ(tokenizer.encode_with_specials("<s>the</s>the").size(), 5U);  // the second without
}

TEST(Tokenizer, RemovesExtraSpacesWhereTheModelSaysSo) {
  TokenizerModel model = model_of({"▁", "a"});
  model.remove_extra_spaces = true;
  EXPECT_EQ(pieces_of(make(model), "  a   a "), (Pieces{"a", "▁", "a"}));
  EXPECT_TRUE(make(model).encode("   ").empty());
}

TEST(Tokenizer, GivesNoTextForIdsOutsideOfTheVocabulary) {
  const Tokenizer tokenizer = small_tokenizer();
  EXPECT_EQ(tokenizer.decode(Ids{-1, 264, 99999}), "a");
}

TEST(StreamDecoder, HoldsBackUnfinishedCharactersAndAddsUpToTheText) {
  const Tokenizer tokenizer = small_tokenizer();
  const std::string text =
      "a\xF0\x9F\x98\x80"
      "a\xE4\xB8";
  StreamDecoder decoder(tokenizer);
  std::string all;
  for (const std::int32_t id : tokenizer.encode(text)) {
    const std::string part = decoder.push(id);
    EXPECT_TRUE(is_valid_utf8(part));
    all += part;
  }
  EXPECT_EQ(all,
            "a\xF0\x9F\x98\x80"
            "a");
  EXPECT_EQ(all + decoder.finish(), text);
}

TEST(StreamDecoder, KeepsTheFirstSpaceAfterAPrompt) {
  TokenizerModel model = model_of({"▁t", "he", "▁the", "t", "▁"});
  model.dummy_prefix = DummyPrefix::text;
  const Tokenizer tokenizer = make(model);
  const std::int32_t the = *tokenizer.id_of("▁the");
  StreamDecoder alone(tokenizer);
  StreamDecoder after_prompt(tokenizer, StreamDecoder::After::prompt);
  EXPECT_EQ(alone.push(the), "the");
  EXPECT_EQ(alone.push(the), " the");
  EXPECT_EQ(after_prompt.push(the), " the");
}

void expect_equal(const TokenizerModel& left, const TokenizerModel& right) {
  ASSERT_EQ(left.pieces.size(), right.pieces.size());
  for (std::size_t id = 0; id < left.pieces.size(); ++id) {
    EXPECT_EQ(left.pieces[id].text, right.pieces[id].text);
    EXPECT_EQ(left.pieces[id].kind, right.pieces[id].kind);
  }
  EXPECT_EQ(left.unknown_id, right.unknown_id);
  EXPECT_EQ(left.begin_id, right.begin_id);
  EXPECT_EQ(left.end_id, right.end_id);
  EXPECT_EQ(left.keep_space_mark, right.keep_space_mark);
}

TEST(SentencePieceFile, ReadsBackWhatItWrote) {
  TokenizerModel model = model_of({"▁t", "he", "▁the", "t", "▁"});
  model.pieces.push_back({"mark", 0, PieceKind::user_defined});
  const auto back = parse_sentencepiece(write_sentencepiece(model));
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(back.value(), model);
  EXPECT_EQ(back.value().pieces[261].score, model.pieces[261].score);
}

TEST(SentencePieceFile, RefusesEveryCutOfAFileOrReadsAShorterVocabulary) {
  const std::string whole = write_sentencepiece(model_of({"aa", "a"}));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = parse_sentencepiece(std::string_view(whole).substr(0, size));
    EXPECT_FALSE(cut && cut.value().pieces.size() > 261);
  }
  EXPECT_EQ(parse_sentencepiece("").error().code, Code::unsupported);  // a unigram by default
}

TEST(TokenizerJson, ReadsBackWhatItWroteAndGivesTheSameIds) {
  TokenizerModel model = model_of({"▁t", "he", "▁the", "aa", "a", "t", "h", "e", "▁"});
  const auto back = read_tokenizer_json(parse_json(write_tokenizer_json(model)).value());
  ASSERT_TRUE(back) << back.error().message;
  expect_equal(back.value(), model);
  EXPECT_FALSE(back.value().merges.empty());
  for (const char* text : {"the the aaa", "▁", "\xFF中", "<s>"}) {
    EXPECT_EQ(make(back.value()).encode(text), make(model).encode(text));
  }
}

TEST(TokenizerJson, SaysWhatItDoesNotRead) {
  const auto code_of = [](std::string_view text) {
    const auto result = read_tokenizer_json(parse_json(text).value());
    return result ? Code::cancelled : result.error().code;
  };
  EXPECT_EQ(code_of("{}"), Code::corrupt_data);
  EXPECT_EQ(code_of(R"({"model":{"type":"Unigram"}})"), Code::unsupported);
  EXPECT_EQ(code_of(R"({"model":{"type":"BPE","vocab":{},"merges":[]}})"), Code::unsupported);
  EXPECT_EQ(code_of(R"({"normalizer":{"type":"NFKC"},"model":{"byte_fallback":true}})"),
            Code::unsupported);
  EXPECT_EQ(code_of(R"({"pre_tokenizer":{"type":"Metaspace","replacement":"▁","split":false},)"
                    R"("model":{"byte_fallback":true,"vocab":{"a":4000000000},"merges":[]}})"),
            Code::corrupt_data);
}

TEST(Tokenizer, LoadsAFileOrAFolderAndSaysWhenThereIsNone) {
  io::LocalFileSystem files;
  const std::string folder = testing::TempDir() + "/tokenizer_load";
  ASSERT_TRUE(files.make_folders(folder));
  EXPECT_EQ(Tokenizer::load(files, folder).error().code, Code::not_found);
  const Tokenizer tokenizer = small_tokenizer();
  ASSERT_TRUE(tokenizer.save(files, folder));
  for (const char* name : {"", "/tokenizer.model", "/tokenizer.json"}) {
    const auto loaded = Tokenizer::load(files, folder + name);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded.value().encode("the 中"), tokenizer.encode("the 中"));
  }
  ASSERT_TRUE(files.remove(folder));
}

}  // namespace
}  // namespace aludel::text
