#include "aludel/text/han_variants.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

// The same characters in both forms, by frequency; none is in use in the other form's spelling.
constexpr std::string_view kSimplified =
    "这国来们为时会个对学说发过动种业产长经进现机实关电两还开问见样应样从车书东气点认"
    "话给则让论员题变场体带张报门战联义济统团队备类权设该总转军级结导议规图农观单达办区"
    "华传风飞马鸟鱼龙亲爱听讲语请谁谈谢读课调证识记许译试词诗误访评";
constexpr std::string_view kTraditional =
    "這國來們為時會個對學說發過動種業產長經進現機實關電兩還開問見樣應樣從車書東氣點認"
    "話給則讓論員題變場體帶張報門戰聯義濟統團隊備類權設該總轉軍級結導議規圖農觀單達辦區"
    "華傳風飛馬鳥魚龍親愛聽講語請誰談謝讀課調證識記許譯試詞詩誤訪評";

std::u32string sorted_code_points(std::string_view text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at);
    points += next.value;
    at += next.size_bytes;
  }
  std::ranges::sort(points);
  return points;
}

}  // namespace

bool uses_traditional_han(std::string_view text) {
  static const std::u32string simplified = sorted_code_points(kSimplified);
  static const std::u32string traditional = sorted_code_points(kTraditional);
  std::int64_t balance = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at);
    at += next.size_bytes;
    if (!is_han(next.value)) continue;
    balance += std::ranges::binary_search(traditional, next.value) ? 1 : 0;
    balance -= std::ranges::binary_search(simplified, next.value) ? 1 : 0;
  }
  return balance > 0;
}

}  // namespace aludel::text
