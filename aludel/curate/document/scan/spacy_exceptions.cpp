#include "aludel/curate/document/scan/spacy_exceptions.h"

#include <algorithm>
#include <initializer_list>

namespace aludel::curate {
namespace {

constexpr char kCut = '|';

/// Words that remain whole, separated by spaces.
constexpr std::string_view kWhole =
    "'s 'S \xE2\x80\x98s \xE2\x80\x98S and/or w/o 're 'd 'll 'em 'nuff em ll nuff 'Cause 'cause "
    "'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout ma'am Ma'am o'clock O'clock lovin' Lovin' havin' Havin' "
    "doin' Doin' goin' Goin' nothin' Nothin' nuthin' Nuthin' ol' Ol' somethin' Somethin' Mt. Ak. "
    "Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. "
    "Jul. Jun. Kan. Kans. Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. "
    "Nebr. Nev. Nov. Oct. Okla. Ore. Pa. S.C. Sep. Sept. Tenn. Va. Wash. Wis. a.m. Adm. Bros. co. "
    "Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo. "
    "Mont. Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s. ' '' C++ \\n \\t \\\") "
    "<space> \xC3\xA4. \xC3\xB6. \xC3\xBC.";

/// The emoticons that spaCy keeps whole.
constexpr std::string_view kEmoticons =
    ":) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) "
    "(; (-; :( :-( :(( :-(( :((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ "
    ":1 :P :-P :p :-p :O :-O :o :-o :0 :-0 :() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D "
    ";-D =D xD XD xDD XDD 8D 8-D ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o "
    "o_O O_o O_O 0_o o_0 0_0 o.O O.o O.O o.o 0.0 o.0 0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) "
    "(>_<) (*_*) ><(((*> (\xC2\xAC_\xC2\xAC) (\xE0\xB2\xA0_\xE0\xB2\xA0) "
    "(\xE2\x95\xAF\xC2\xB0\xE2\x96\xA1\xC2\xB0\xEF\xBC\x89\xE2\x95\xAF\xEF\xB8\xB5\xE2\x94\xBB\xE2"
    "\x94\x81\xE2\x94\xBB";

std::string without_apostrophe(std::string_view parts) {
  std::string plain;
  for (const char c : parts) {
    if (c != '\'') plain += c;
  }
  return plain;
}

/// True for a spelling that is a common word, which spaCy does not split.
bool is_left_alone(std::string_view spelling) {
  for (const std::string_view word :
       {"Ill", "ill", "Its", "its", "Hell", "hell", "Shell", "shell", "Shed", "shed", "were",
        "Were", "Well", "well", "Whore", "whore"}) {
    if (spelling == word) return true;
  }
  return false;
}

template <class Use>
void for_each_listed(std::string_view list, Use use) {
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(' ', begin), list.size());
    use(list.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

/// Adds "do|n't", and the same with the typographic apostrophe. In words that remain whole, "|" is
/// a character like any other, because emoticons have it.
void SpacyExceptions::add(std::string_view parts, Cut cut) {
  for (const std::string_view apostrophe : {"'", "\xE2\x80\x99"}) {
    std::string spelling;
    ExceptionPieces pieces;
    std::size_t piece_begin = 0;
    for (const char c : parts) {
      if (c == kCut && cut == Cut::at_marks) {
        pieces.push_back(static_cast<std::uint8_t>(spelling.size() - piece_begin));
        piece_begin = spelling.size();
      } else if (c == '\'') {
        spelling += apostrophe;
      } else {
        spelling += c;
      }
    }
    pieces.push_back(static_cast<std::uint8_t>(spelling.size() - piece_begin));
    if (is_left_alone(spelling)) continue;
    pieces_[spelling] = pieces;
    seen_.set(word_hash(spelling, spelling.size()) >> kHashShift);
  }
}

/// Adds `parts` with and without apostrophes, as written and with a capital first letter.
void SpacyExceptions::add_any_case(std::string_view parts) {
  for (std::string form : {std::string(parts), without_apostrophe(parts)}) {
    add(form);
    form[0] = static_cast<char>(form[0] - ('a' - 'A'));
    add(form);
  }
}

SpacyExceptions::SpacyExceptions() {
  const auto each = [this](std::initializer_list<std::string_view> words,
                           std::initializer_list<std::string_view> endings) {
    for (const std::string_view word : words) {
      for (const std::string_view ending : endings) {
        add_any_case(std::string(word) + std::string(ending));
      }
    }
  };
  each({"i"}, {"|'m", "|'m|a"});
  each({"i", "you", "he", "she", "it", "we", "they"}, {"|'ll", "|'ll|'ve", "|'d", "|'d|'ve"});
  each({"i", "you", "we", "they"}, {"|'ve"});
  each({"you", "we", "they"}, {"|'re"});
  each({"he", "she", "it"}, {"|'s"});
  each({"who", "what", "when", "where", "why", "how", "there", "that", "this"}, {"|'s"});
  each({"who", "what", "when", "where", "why", "how", "there", "that", "this", "these", "those"},
       {"|'ll", "|'ll|'ve", "|'d", "|'d|'ve"});
  each({"who", "what", "when", "where", "why", "how", "there", "these", "those"}, {"|'re", "|'ve"});
  each({"ca", "could", "do", "does", "did", "had", "may", "might", "must", "need", "ought", "sha",
        "should", "wo", "would"},
       {"|n't", "|n't|'ve"});
  each({"could", "might", "must", "should", "would"}, {"|'ve"});
  each({"ai", "are", "is", "was", "were", "have", "has", "dare"}, {"|n't"});
  each({"not"}, {"|'ve"});
  for (int hour = 1; hour <= 12; ++hour) {
    for (const std::string_view half : {"am", "a.m.", "pm", "p.m."}) {
      add(std::to_string(hour) + kCut + std::string(half));
    }
  }
  for (const std::string_view parts :
       {"y'|all", "y|all", "how|'d|'y", "How|'d|'y", "can|not", "Can|not", "gon|na", "Gon|na",
        "got|ta", "Got|ta", "let|'s", "Let|'s", "c'm|on", "C'm|on"}) {
    add(parts);
  }
  for_each_listed(kWhole, [this](std::string_view word) { add(word, Cut::nowhere); });
  for_each_listed(kEmoticons, [this](std::string_view word) { add(word, Cut::nowhere); });
  for (const char scale : {'C', 'F', 'K', 'c', 'f', 'k'}) {
    add(std::string("\xC2\xB0|") + scale + "|.");
  }
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    add(std::string(1, letter) + ".");
  }
}

const SpacyExceptions& spacy_exceptions() {
  static const SpacyExceptions exceptions;
  return exceptions;
}

}  // namespace aludel::curate
