#include "aludel/text/han_converter.h"

#include <cstdint>

#ifdef ALUDEL_OPENCC
#include <opencc/opencc.h>
#endif

namespace aludel::text {

#ifdef ALUDEL_OPENCC

Result<HanConverter> HanConverter::open(HanForm to) {
  const char* name = to == HanForm::simplified ? "t2s.json" : "s2t.json";
  void* opened = opencc_open(name);
  if (reinterpret_cast<std::intptr_t>(opened) == -1) {
    return Error{Code::not_found, std::string("[opencc] cannot read its configuration ") + name};
  }
  return HanConverter(Dictionaries(opened, [](void* it) { opencc_close(it); }));
}

std::string HanConverter::convert(std::string_view text) const {
  if (text.empty()) return "";
  const std::unique_ptr<char, decltype(&opencc_convert_utf8_free)> converted(
      opencc_convert_utf8(dictionaries_.get(), text.data(), text.size()), opencc_convert_utf8_free);
  return converted == nullptr ? std::string(text) : std::string(converted.get());
}

#else

Result<HanConverter> HanConverter::open(HanForm to) {
  static_cast<void>(to);
  return Error{Code::unsupported,
               "[opencc] this build has no OpenCC: install libopencc-dev and build again"};
}

std::string HanConverter::convert(std::string_view text) const {
  return std::string(text);
}

#endif

}  // namespace aludel::text
