// What peers do to texts: edits of lines and addresses, their words and sentences. Whatever valid
// UTF-8 comes in, no more comes out, in valid UTF-8, and words cover no more than the text.
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/peer_words.h"
#include "aludel/curate/layers/correction/peer_lines.h"
#include "aludel/curate/layers/language/text_addresses.h"
#include "aludel/curate/layers/shared/line_rules/punkt.h"

namespace {

void check_text(std::string_view edited, std::string_view text) {
  ALUDEL_CHECK(edited.size() <= text.size(), "an edit takes away");
  ALUDEL_CHECK(aludel::is_valid_utf8(edited), "and cuts no character");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!aludel::is_valid_utf8(text)) return 0;
  using namespace aludel::curate;
  check_text(edit_lines_as_c4(text).text, text);
  check_text(edit_lines_as_fineweb(text).text, text);
  check_text(edit_lines_as_refinedweb(text).text, text);
  check_text(without_addresses(text), text);
  check_text(with_fewer_newlines(std::string(text), 2), text);
  ALUDEL_CHECK(count_punkt_sentences(text) <= size + 1, "at most one a byte");
  std::size_t end = 0;
  const ScannedWords scanned = spacy_words(text);
  for (const ScannedWord& word : scanned.words()) {
    ALUDEL_CHECK(word.begin >= end && word.size > 0, "words follow each other");
    end = word.begin + word.size;
  }
  ALUDEL_CHECK(end <= size, "within the text");
  return 0;
}
