// Writes the words that the rules count, for comparisons with whose tokenizer they follow:
// bench/curate/words.py. usage: words_bench < JSON strings, one a line > JSON arrays of words, one
// a line
#include <iostream>
#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/document/scan/peer_words.h"

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto chunk = aludel::parse_json(line);
    if (!chunk || !chunk.value().is_string()) {
      std::cerr << "words_bench: not a JSON string: " << line << "\n";
      return 1;
    }
    const std::string& text = chunk.value().as_string();
    aludel::Json words = aludel::Json::array();
    const aludel::curate::ScannedWords scanned = aludel::curate::spacy_words(text);
    for (const aludel::curate::ScannedWord& word : scanned.words()) {
      words.push_back(text.substr(word.begin, word.size));
    }
    std::cout << words.dump() << "\n";
  }
  return 0;
}
