// Reads any bytes, with the digest that fits them, as an n-gram model file; what can be read scores
// sequences, many at once as one by one.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/text/ngram_lm/ngram_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aludel;  // NOLINT(google-build-using-namespace): a program of one file
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const Hash128 digest = hash128(bytes);
  bytes.append(reinterpret_cast<const char*>(&digest.high), sizeof digest.high);
  bytes.append(reinterpret_cast<const char*>(&digest.low), sizeof digest.low);
  const auto model = text::NgramModel::from_bytes(io::MappedFile(std::move(bytes)));
  if (!model) return 0;
  std::vector<std::uint64_t> units = {model.value().begin_unit()};
  text::NgramState state = model.value().begin_state();
  double log10 = 0;
  for (std::size_t i = 0; i < size && i < 300; ++i) {
    units.push_back(text::unit_of_id(data[i]));
    if (units.back() == model.value().begin_unit()) {  // the next sequence
      state = model.value().begin_state();
    } else {
      log10 += model.value().log10_probability(state, units.back());
    }
  }
  const double many = model.value().score(units).log10;
  ALUDEL_CHECK(many == log10 || !std::isfinite(log10), "both ways agree");
  return 0;
}
