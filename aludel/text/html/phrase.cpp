#include "aludel/text/html/phrase.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "aludel/base/ascii.h"
#include "aludel/text/html/text_run.h"

namespace aludel::text::html {
namespace {

struct PhraseRow {
  std::string_view phrase;  // lower case
  PhraseSet kind;
};

// Words that many sites use. A phrase may end inside a word: "relat" matches "related".
constexpr PhraseRow kFirstPhrases[] = {
    {"read more", kPhraseSeeAlso},
    {"read also", kPhraseSeeAlso},
    {"also read", kPhraseSeeAlso},
    {"read next", kPhraseSeeAlso},
    {"see also", kPhraseSeeAlso},
    {"related", kPhraseSeeAlso},
    {"more on", kPhraseSeeAlso},
    {"more from", kPhraseSeeAlso},
    {"more stories", kPhraseSeeAlso},
    {"recommended", kPhraseSeeAlso},
    {"you may also", kPhraseSeeAlso},
    {"you might", kPhraseSeeAlso},
    {"up next", kPhraseSeeAlso},
    {"next article", kPhraseSeeAlso},
    {"previous", kPhraseSeeAlso},
    {"most read", kPhraseSeeAlso},
    {"most popular", kPhraseSeeAlso},
    {"trending", kPhraseSeeAlso},
    {"continue reading", kPhraseSeeAlso},
    {"lesen sie", kPhraseSeeAlso},
    {"lies auch", kPhraseSeeAlso},
    {"auch interessant", kPhraseSeeAlso},
    {"auch lesen", kPhraseSeeAlso},
    {"das könnte", kPhraseSeeAlso},
    {"siehe auch", kPhraseSeeAlso},
    {"mehr zum", kPhraseSeeAlso},
    {"mehr dazu", kPhraseSeeAlso},
    {"mehr von", kPhraseSeeAlso},
    {"mehr aus", kPhraseSeeAlso},
    {"weitere ", kPhraseSeeAlso},
    {"weiterlesen", kPhraseSeeAlso},
    {"passend dazu", kPhraseSeeAlso},
    {"zum thema", kPhraseSeeAlso},
    {"ähnliche", kPhraseSeeAlso},
    {"lire aussi", kPhraseSeeAlso},
    {"à lire", kPhraseSeeAlso},
    {"lire la suite", kPhraseSeeAlso},
    {"voir aussi", kPhraseSeeAlso},
    {"sur le même", kPhraseSeeAlso},
    {"lea también", kPhraseSeeAlso},
    {"lee también", kPhraseSeeAlso},
    {"leer más", kPhraseSeeAlso},
    {"ver también", kPhraseSeeAlso},
    {"te puede interesar", kPhraseSeeAlso},
    {"más noticias", kPhraseSeeAlso},
    {"leggi anche", kPhraseSeeAlso},
    {"vedi anche", kPhraseSeeAlso},
    {"leia também", kPhraseSeeAlso},
    {"veja também", kPhraseSeeAlso},
    {"lees ook", kPhraseSeeAlso},
    {"zobacz", kPhraseSeeAlso},
    {"czytaj", kPhraseSeeAlso},
    {"相关", kPhraseSeeAlso},
    {"相關", kPhraseSeeAlso},
    {"推荐", kPhraseSeeAlso},
    {"推薦", kPhraseSeeAlso},
    {"热门", kPhraseSeeAlso},
    {"熱門", kPhraseSeeAlso},
    {"延伸阅读", kPhraseSeeAlso},
    {"猜你喜欢", kPhraseSeeAlso},
    {"为您推荐", kPhraseSeeAlso},
    {"为你推荐", kPhraseSeeAlso},
    {"上一篇", kPhraseSeeAlso},
    {"下一篇", kPhraseSeeAlso},
    {"阅读原文", kPhraseSeeAlso},
    {"関連", kPhraseSeeAlso},
    {"subscri", kPhraseSubscribe},
    {"sign up", kPhraseSubscribe},
    {"sign in", kPhraseSubscribe},
    {"log in", kPhraseSubscribe},
    {"login", kPhraseSubscribe},
    {"register", kPhraseSubscribe},
    {"newsletter", kPhraseSubscribe},
    {"join ", kPhraseSubscribe},
    {"follow ", kPhraseSubscribe},
    {"get the latest", kPhraseSubscribe},
    {"become a member", kPhraseSubscribe},
    {"support us", kPhraseSubscribe},
    {"donate", kPhraseSubscribe},
    {"jetzt ", kPhraseSubscribe},
    {"abonnie", kPhraseSubscribe},
    {"melden sie sich", kPhraseSubscribe},
    {"folgen sie", kPhraseSubscribe},
    {"folge uns", kPhraseSubscribe},
    {"anmelden", kPhraseSubscribe},
    {"einloggen", kPhraseSubscribe},
    {"abonnez", kPhraseSubscribe},
    {"inscri", kPhraseSubscribe},
    {"suscr", kPhraseSubscribe},
    {"síguenos", kPhraseSubscribe},
    {"iscriviti", kPhraseSubscribe},
    {"assine", kPhraseSubscribe},
    {"订阅", kPhraseSubscribe},
    {"关注", kPhraseSubscribe},
    {"關注", kPhraseSubscribe},
    {"扫一扫", kPhraseSubscribe},
    {"扫描", kPhraseSubscribe},
    {"长按", kPhraseSubscribe},
    {"登录", kPhraseSubscribe},
    {"注册", kPhraseSubscribe},
    {"下载", kPhraseSubscribe},
    {"photo", kPhraseCredit},
    {"image", kPhraseCredit},
    {"picture", kPhraseCredit},
    {"credit", kPhraseCredit},
    {"illustration", kPhraseCredit},
    {"source", kPhraseCredit},
    {"foto", kPhraseCredit},
    {"bild", kPhraseCredit},
    {"quelle", kPhraseCredit},
    {"crédit", kPhraseCredit},
    {"fuente", kPhraseCredit},
    {"fonte", kPhraseCredit},
    {"zdjęcie", kPhraseCredit},
    {"©", kPhraseCredit | kPhraseRights},
    {"图片", kPhraseCredit},
    {"图：", kPhraseCredit},
    {"图/", kPhraseCredit},
    {"来源", kPhraseCredit},
    {"资料图", kPhraseCredit},
    {"版权", kPhraseRights},
    {"by ", kPhraseByline},
    {"posted", kPhraseByline},
    {"updated", kPhraseByline},
    {"author", kPhraseByline},
    {"about the author", kPhraseByline},
    {"written by", kPhraseByline},
    {"von ", kPhraseByline},
    {"autor", kPhraseByline},
    {"über den autor", kPhraseByline},
    {"über die autor", kPhraseByline},
    {"veröffentlicht", kPhraseByline},
    {"aktualisiert", kPhraseByline},
    {"stand:", kPhraseByline},
    {"publi", kPhraseByline},
    {"par ", kPhraseByline},
    {"por ", kPhraseByline},
    {"责任编辑", kPhraseByline},
    {"责编", kPhraseByline},
    {"编辑", kPhraseByline},
    {"作者", kPhraseByline},
    {"发布", kPhraseByline},
    {"发表于", kPhraseByline},
    {"发表时间", kPhraseByline},
    {"时间：", kPhraseByline},
    {"share", kPhraseShare},
    {"comment", kPhraseShare},
    {"leave a", kPhraseShare},
    {"reply", kPhraseShare},
    {"tags", kPhraseShare},
    {"tagged", kPhraseShare},
    {"filed under", kPhraseShare},
    {"categories", kPhraseShare},
    {"print", kPhraseShare},
    {"email", kPhraseShare},
    {"facebook", kPhraseShare},
    {"twitter", kPhraseShare},
    {"whatsapp", kPhraseShare},
    {"teilen", kPhraseShare},
    {"drucken", kPhraseShare},
    {"kommentar", kPhraseShare},
    {"antworten", kPhraseShare},
    {"schlagw", kPhraseShare},
    {"kategorie", kPhraseShare},
    {"partage", kPhraseShare},
    {"compart", kPhraseShare},
    {"condividi", kPhraseShare},
    {"分享", kPhraseShare},
    {"评论", kPhraseShare},
    {"標籤", kPhraseShare},
    {"标签", kPhraseShare},
    {"关键", kPhraseShare},
    {"收藏", kPhraseShare},
    {"点赞", kPhraseShare},
    {"举报", kPhraseShare},
    {"打印", kPhraseShare},
    {"reporting by", kPhraseByline},
    {"additional reporting", kPhraseByline},
    {"with reporting", kPhraseByline},
    {"contributing:", kPhraseByline},
    {"contributed to this", kPhraseByline},
    {"editing by", kPhraseByline},
    {"edited by", kPhraseByline},
    {"reach the", kPhraseByline},
    {"follow him", kPhraseByline},
    {"follow her", kPhraseByline},
    {"contact the", kPhraseByline},
    {"email the", kPhraseByline},
    {"have a tip", kPhraseByline},
    {"got a tip", kPhraseByline},
    {"send tips", kPhraseByline},
    {"mit material von", kPhraseByline},
    {"mit informationen", kPhraseByline},
    {"redaktion:", kPhraseByline},
    {"redigé par", kPhraseByline},
    {"rédigé par", kPhraseByline},
    {"con información", kPhraseByline},
    {"redazione", kPhraseByline},
    {"get access", kPhraseSubscribe},
    {"follow us", kPhraseSubscribe},
    {"join our", kPhraseSubscribe},
    {"chat with us", kPhraseSubscribe},
    {"support our", kPhraseSubscribe},
    {"download our", kPhraseSubscribe},
    {"suivez", kPhraseSubscribe},
    {"seguici", kPhraseSubscribe},
    {"www.", kPhraseNotice},
    {"http", kPhraseNotice},
    {"most stock", kPhraseNotice},
    {"market data", kPhraseNotice},
    {"quotes ", kPhraseNotice},
    {"stock quotes", kPhraseNotice},
    {"data delayed", kPhraseNotice},
    {"market indices", kPhraseNotice},
    {"kursdaten", kPhraseNotice},
    {"börsenkurse", kPhraseNotice},
    {"kurse ", kPhraseNotice},
    {"cookie", kPhraseNotice},
    {"javascript", kPhraseNotice},
    {"your browser", kPhraseNotice},
    {"ihr browser", kPhraseNotice},
    {"we use", kPhraseNotice},
    {"this site", kPhraseNotice},
    {"this website", kPhraseNotice},
    {"this article was", kPhraseNotice},
    {"disclaimer", kPhraseNotice},
    {"disclosure", kPhraseNotice},
    {"privacy", kPhraseNotice},
    {"terms", kPhraseNotice},
    {"contact", kPhraseNotice},
    {"diese website", kPhraseNotice},
    {"wir verwenden", kPhraseNotice},
    {"datenschutz", kPhraseNotice},
    {"impressum", kPhraseNotice},
    {"kontakt", kPhraseNotice},
    {"hinweis", kPhraseNotice},
    {"anzeige", kPhraseNotice},
    {"werbung", kPhraseNotice},
    {"advert", kPhraseNotice},
    {"publicidad", kPhraseNotice},
    {"声明", kPhraseNotice},
    {"免责", kPhraseNotice},
    {"特别声明", kPhraseNotice},
    {"版权声明", kPhraseNotice},
    {"本文来", kPhraseNotice},
    {"转载", kPhraseNotice},
    {"未经", kPhraseNotice},
    {"隐私", kPhraseNotice},
    {"联系我们", kPhraseNotice},
    {"关于我们", kPhraseNotice},
    {"广告", kPhraseNotice},
};

constexpr PhraseRow kRightsPhrases[] = {
    {"all rights reserved", kPhraseRights},
    {"copyright", kPhraseRights},
    {"alle rechte", kPhraseRights},
    {"tous droits", kPhraseRights},
    {"todos los derechos", kPhraseRights},
    {"tutti i diritti", kPhraseRights},
    {"版权所有", kPhraseRights},
    {"版權所有", kPhraseRights},
    {"icp备", kPhraseRights},
    {"wszelkie prawa", kPhraseRights},
    {"icp證", kPhraseRights},
    {"todos os direitos", kPhraseRights},
};

constexpr std::size_t kBytesRead = 256;

constexpr std::size_t kLongestFirst = std::ranges::max(kFirstPhrases, {}, [](const PhraseRow& row) {
                                        return row.phrase.size();
                                      }).phrase.size();

// The phrases that a text may begin with, by their first two bytes.
class FirstPhrases {
 public:
  FirstPhrases() {
    for (const PhraseRow& row : kFirstPhrases) {
      rows_[slot_of(row.phrase)].push_back(&row);
    }
  }

  // Returns the kinds of the phrases that a text of lower-case letters begins with.
  PhraseSet match(std::string_view text) const {
    PhraseSet found = 0;
    if (text.size() < 2) return found;  // the shortest phrase is "©"
    for (const PhraseRow* row : rows_[slot_of(text)]) {
      if (text.starts_with(row->phrase)) found |= row->kind;
    }
    return found;
  }

 private:
  static std::size_t slot_of(std::string_view text) {
    return static_cast<unsigned char>(text[0] * 7 + text[1]);
  }

  std::array<std::vector<const PhraseRow*>, 256> rows_;
};

bool starts_with_lowered(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(),
                    [](char a, char b) { return a == lower_ascii(b); });
}

// The phrases of rights, which stand anywhere in a text.
class RightsPhrases {
 public:
  RightsPhrases() {
    for (const PhraseRow& row : kRightsPhrases) {
      is_head_[slot_of(row.phrase)] = true;
    }
  }

  // Returns the kinds of the phrases in the text, in upper or lower case.
  // OPTIMIZATION: at nearly every position, one look at a table tells that none begins there.
  PhraseSet search(std::string_view text) const {
    PhraseSet found = 0;
    for (; text.size() >= kHeadBytes; text.remove_prefix(1)) {
      if (is_head_[slot_of(text)]) found |= match(text);
    }
    return found;
  }

 private:
  static PhraseSet match(std::string_view text) {
    PhraseSet found = 0;
    for (const PhraseRow& row : kRightsPhrases) {
      if (starts_with_lowered(text, row.phrase)) found |= row.kind;
    }
    return found;
  }

  // Hashes the first kHeadBytes bytes, which must be there. A letter gives the same in either case.
  static std::size_t slot_of(std::string_view text) {
    std::uint32_t head = 0;
    std::memcpy(&head, text.data(), kHeadBytes);
    return ((head | 0x20202020U) * 0x9E3779B1U) >> (32 - kHeadBits);
  }

  static constexpr unsigned kHeadBits = 12;
  static constexpr std::size_t kHeadBytes = 4;  // fewer than the shortest phrase has

  std::array<bool, 1U << kHeadBits> is_head_{};  // true where a phrase begins so
};

bool is_ascii_mark(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return !letter && static_cast<unsigned char>(c) < 0x80;
}

}  // namespace

PhraseSet phrases_of(std::string_view text) {
  static const FirstPhrases first_phrases;
  static const RightsPhrases rights_phrases;
  text = text.substr(0, kBytesRead);
  const PhraseSet rights = rights_phrases.search(text);
  while (!text.empty() && is_ascii_mark(lower_ascii(text[0]))) {
    text.remove_prefix(1);
  }
  std::array<char, kLongestFirst> buffer;
  text = text.substr(0, kLongestFirst);
  std::ranges::transform(text, buffer.begin(), [](char c) { return lower_ascii(c); });
  return static_cast<PhraseSet>(first_phrases.match({buffer.data(), text.size()}) | rights);
}

}  // namespace aludel::text::html
