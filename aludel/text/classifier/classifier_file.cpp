#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/base/little_endian.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::text {
namespace {

constexpr std::string_view kClassifierMagic = "ALUDELC1";
constexpr std::size_t kMostLabels = 4096;

/// Takes values off the front of bytes; what is missing reads as zero and clears `ok`.
struct ClassifierBytes {
  std::string_view bytes;
  bool ok = true;

  std::string_view take(std::size_t size) {
    ok = ok && size <= bytes.size();
    if (!ok) return {};
    const std::string_view front = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return front;
  }

  template <class T>
  T value() {
    T result{};
    const std::string_view front = take(sizeof(T));
    if (ok) std::memcpy(&result, front.data(), sizeof(T));
    return result;
  }
};

Error corrupt_classifier(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[classifier] {}", what)};
}

}  // namespace

std::string Classifier::to_bytes() const {
  Json header = Json::object();
  header["features"] = dump_config(features_);
  for (const std::string& label : labels_) {
    header["labels"].push_back(label);
  }
  const std::string text = header.dump();
  std::string out(kClassifierMagic);
  append_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
  for (const float value : bias_) {
    append_number(out, value);
  }
  const std::size_t count_at = out.size();
  append_number(out, std::uint32_t{0});
  std::uint32_t rows = 0;
  for (std::size_t bucket = 0; bucket < weights_.buckets(); ++bucket) {
    const std::span<const std::uint16_t> row = weights_.row(bucket);
    if (std::ranges::all_of(row, [](std::uint16_t bits) { return from_bf16_bits(bits) == 0; })) {
      continue;
    }
    ++rows;
    append_number(out, static_cast<std::uint32_t>(bucket));
    for (const std::uint16_t bits : row) {
      append_number(out, bits);
    }
  }
  std::memcpy(&out[count_at], &rows, sizeof rows);
  append_number(out, hash64(out));
  return out;
}

Result<Classifier> Classifier::from_bytes(std::string_view bytes) {
  if (!bytes.starts_with(kClassifierMagic))
    return corrupt_classifier("no classifier file: it must begin with ALUDELC1");
  if (bytes.size() < kClassifierMagic.size() + sizeof(std::uint64_t))
    return corrupt_classifier("cut short");
  ClassifierBytes end{bytes.substr(bytes.size() - sizeof(std::uint64_t))};
  bytes.remove_suffix(sizeof(std::uint64_t));
  if (end.value<std::uint64_t>() != hash64(bytes))
    return corrupt_classifier("checksum differs: damaged file");
  ClassifierBytes left{bytes.substr(kClassifierMagic.size())};
  const auto header_size = left.value<std::uint32_t>();
  const Json header = ALUDEL_TRY(parse_json(left.take(header_size)));
  ClassifierSettings settings;
  const Json* features = header.find("features");
  const Json* labels = header.find("labels");
  if (features == nullptr || labels == nullptr || !labels->is_array()) {
    return corrupt_classifier("header without features and labels");
  }
  settings.features.window_words = 0;  // a file of before there were windows learnt whole texts
  ALUDEL_TRY(read_config(*features, settings.features, "classifier header"));
  ALUDEL_TRY(validate(settings));
  std::vector<std::string> names;
  for (const Json& label : labels->as_array()) {
    if (!label.is_string() || (!names.empty() && names.back() >= label.as_string())) {
      return corrupt_classifier("labels must be strings, sorted, each once");
    }
    names.push_back(label.as_string());
  }
  if (names.size() < 2 || names.size() > kMostLabels ||
      names.size() << settings.features.bucket_bits > std::size_t{1} << 30) {
    return corrupt_classifier(fmt::format("{} labels: too few or too many", names.size()));
  }
  Classifier model(settings.features, std::move(names));
  for (float& value : model.bias_) {
    value = left.value<float>();
    if (!std::isfinite(value)) return corrupt_classifier("a bias is not finite");
  }
  const auto rows = left.value<std::uint32_t>();
  const std::size_t row_size = sizeof(std::uint32_t) + 2 * model.labels_.size();
  if (!left.ok || left.bytes.size() != rows * row_size)
    return corrupt_classifier("size and rows disagree");
  for (std::uint32_t row = 0; row < rows; ++row) {
    const auto bucket = left.value<std::uint32_t>();
    if (bucket >> settings.features.bucket_bits != 0)
      return corrupt_classifier("bucket outside the table");
    for (std::uint16_t& bits : model.weights_.row(bucket)) {
      bits = left.value<std::uint16_t>();
      if (!std::isfinite(from_bf16_bits(bits))) return corrupt_classifier("a weight is not finite");
    }
  }
  return model;
}

}  // namespace aludel::text
