// Bytes as a fastText model, and their end as a text: an error, or predictions from its labels.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aludel/text/language/fasttext_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto model = aludel::text::FastTextModel::from_bytes(bytes);
  if (!model) return 0;
  const std::string_view text = bytes.substr(size - std::min<std::size_t>(size, 64));
  const auto found = model.value().predict(text, 3);
  if (found.size() > model.value().labels().size()) std::abort();
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i].probability > found[i - 1].probability) std::abort();
  }
  return 0;
}
