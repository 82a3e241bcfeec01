#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "aludel/text/language/fasttext_model.h"

static_assert(std::endian::native == std::endian::little, "the file is little-endian");

namespace aludel::text {
namespace {

constexpr std::int32_t kMagic = 793712314;
constexpr std::int32_t kVersion = 12;
constexpr std::int32_t kVersionWithoutCharacters = 11;  // its classifiers ignore minn and maxn
constexpr std::int32_t kSupervised = 3;
constexpr std::int32_t kMostCharacters = 64;
constexpr std::int32_t kMostWordNgrams = 64;
constexpr std::size_t kEntryBytes = 10;  // least: the zero after a word, its count, its kind

Error corrupt(std::string_view what) {
  return {Code::corrupt_data, fmt::format("[fasttext] {}", what)};
}

/// Takes values off the front of a file.
class BytesLeft {
 public:
  explicit BytesLeft(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }

  Result<std::string_view> take(std::size_t size) {
    if (size > bytes_.size()) {
      return corrupt(fmt::format("expected {} more bytes, found {}", size, bytes_.size()));
    }
    const std::string_view front = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return front;
  }

  template <class T>
  Result<T> value() {
    T result{};
    std::memcpy(&result, ALUDEL_TRY(take(sizeof(T))).data(), sizeof(T));
    return result;
  }

  /// `count` values; REQUIRES nothing of it: it is checked against the bytes there are.
  template <class T>
  Result<std::vector<T>> values(std::size_t count) {
    if (count > bytes_.size() / sizeof(T)) {
      return corrupt(fmt::format("expected {} values of {} bytes, found {} bytes", count, sizeof(T),
                                 bytes_.size()));
    }
    std::vector<T> result(count);
    const std::string_view from = ALUDEL_TRY(take(count * sizeof(T)));
    if (count > 0) std::memcpy(result.data(), from.data(), from.size());
    return result;
  }

  /// Up to a zero byte, which is taken, too.
  Result<std::string_view> zero_ended() {
    const std::size_t end = bytes_.find('\0');
    if (end == std::string_view::npos) return corrupt("a word without an end");
    const std::string_view front = ALUDEL_TRY(take(end));
    ALUDEL_TRY(take(1));
    return front;
  }

  Result<bool> flag() {
    const auto byte = ALUDEL_TRY(value<std::uint8_t>());
    if (byte > 1) return corrupt(fmt::format("a flag is {}, expected 0 or 1", byte));
    return byte == 1;
  }

 private:
  std::string_view bytes_;
};

/// The numbers that a model was trained with.
struct Arguments {
  std::int32_t dimension, window, epochs, least_count, negatives, word_ngrams, loss, model, buckets,
      min_characters, max_characters, update_rate;
  double sampling;

  bool has_ngrams() const { return max_characters > 0 || word_ngrams > 1; }
};

Result<Arguments> read_arguments(BytesLeft& left) {
  if (ALUDEL_TRY(left.value<std::int32_t>()) != kMagic) return corrupt("no fastText model");
  const auto version = ALUDEL_TRY(left.value<std::int32_t>());
  if (version != kVersion && version != kVersionWithoutCharacters) {
    return Error{Code::unsupported,
                 fmt::format("[fasttext] version {}, expected 11 or 12", version)};
  }
  Arguments arguments{};
  for (std::int32_t* field :
       {&arguments.dimension, &arguments.window, &arguments.epochs, &arguments.least_count,
        &arguments.negatives, &arguments.word_ngrams, &arguments.loss, &arguments.model,
        &arguments.buckets, &arguments.min_characters, &arguments.max_characters,
        &arguments.update_rate}) {
    *field = ALUDEL_TRY(left.value<std::int32_t>());
  }
  arguments.sampling = ALUDEL_TRY(left.value<double>());
  if (version == kVersionWithoutCharacters) arguments.max_characters = 0;
  if (arguments.model != kSupervised || arguments.loss < 1 || arguments.loss > 4) {
    return Error{Code::unsupported,
                 fmt::format("[fasttext] model kind {} with loss {}, expected a classifier",
                             arguments.model, arguments.loss)};
  }
  if (arguments.dimension < 1 || arguments.word_ngrams < 0 ||
      arguments.word_ngrams > kMostWordNgrams || arguments.min_characters < 0 ||
      arguments.max_characters < 0 || arguments.max_characters > kMostCharacters ||
      arguments.buckets < (arguments.has_ngrams() ? 1 : 0)) {
    return corrupt("dimension, n-grams or buckets are out of range");
  }
  return arguments;
}

struct Entries {
  std::vector<std::string> words;
  std::vector<std::string> labels;
  std::vector<std::int64_t> label_counts;
  std::optional<std::vector<FastTextDictionary::KeptBucket>> kept;
};

Status read_words(BytesLeft& left, std::size_t words, std::size_t labels, Entries& entries) {
  for (std::size_t i = 0; i < words + labels; ++i) {
    const std::string_view text = ALUDEL_TRY(left.zero_ended());
    const auto count = ALUDEL_TRY(left.value<std::int64_t>());
    const bool is_label = ALUDEL_TRY(left.flag());
    if (is_label != (i >= words)) return corrupt("labels do not stand behind all words");
    if (!is_label) {
      entries.words.emplace_back(text);
      continue;
    }
    entries.labels.emplace_back(text);
    entries.label_counts.push_back(count);
  }
  return Ok{};
}

Result<Entries> read_entries(BytesLeft& left) {
  const auto size = ALUDEL_TRY(left.value<std::int32_t>());
  const auto words = ALUDEL_TRY(left.value<std::int32_t>());
  const auto labels = ALUDEL_TRY(left.value<std::int32_t>());
  ALUDEL_TRY(left.value<std::int64_t>());  // tokens of the training text
  const auto kept = ALUDEL_TRY(left.value<std::int64_t>());
  if (words < 0 || labels < 1 || size != std::int64_t{words} + labels ||
      static_cast<std::size_t>(size) > left.size() / kEntryBytes) {
    return corrupt(fmt::format("{} words and {} labels of {} entries in {} bytes", words, labels,
                               size, left.size()));
  }
  Entries entries;
  ALUDEL_TRY(
      read_words(left, static_cast<std::size_t>(words), static_cast<std::size_t>(labels), entries));
  if (kept < 0) return entries;  // -1: not pruned
  const auto pairs = ALUDEL_TRY(left.values<std::int32_t>(static_cast<std::size_t>(kept) * 2));
  entries.kept.emplace();
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    entries.kept->push_back({pairs[i], pairs[i + 1]});
  }
  return entries;
}

Result<ProductQuantiser> read_quantiser(BytesLeft& left, std::size_t columns) {
  const auto size = ALUDEL_TRY(left.value<std::int32_t>());
  const auto parts = ALUDEL_TRY(left.value<std::int32_t>());
  const auto part_size = ALUDEL_TRY(left.value<std::int32_t>());
  ALUDEL_TRY(left.value<std::int32_t>());  // of the last part; it follows from the others
  if (size < 1 || static_cast<std::size_t>(size) != columns || part_size < 1 || part_size > size ||
      parts != (size - 1) / part_size + 1) {
    return corrupt(fmt::format("a codebook of {} numbers in {} parts of {} for {} columns", size,
                               parts, part_size, columns));
  }
  ProductQuantiser quantiser;
  quantiser.size = columns;
  quantiser.part_size = static_cast<std::size_t>(part_size);
  quantiser.centroids = ALUDEL_TRY(left.values<float>(columns * ProductQuantiser::kCentroids));
  return quantiser;
}

bool all_finite(const std::vector<float>& values) {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

Status read_quantised(BytesLeft& left, bool has_norms, FastTextMatrix& matrix) {
  const auto code_count = ALUDEL_TRY(left.value<std::int32_t>());
  if (code_count < 0) return corrupt("a negative number of codes");
  matrix.codes = ALUDEL_TRY(left.values<std::uint8_t>(static_cast<std::size_t>(code_count)));
  matrix.quantiser = ALUDEL_TRY(read_quantiser(left, matrix.columns));
  const std::size_t parts = matrix.quantiser.parts();
  if (matrix.codes.size() % parts != 0 || matrix.codes.size() / parts != matrix.rows) {
    return corrupt(
        fmt::format("{} codes for {} rows of {} parts", matrix.codes.size(), matrix.rows, parts));
  }
  if (has_norms) {
    matrix.norm_codes = ALUDEL_TRY(left.values<std::uint8_t>(matrix.rows));
    matrix.norm_quantiser = ALUDEL_TRY(read_quantiser(left, 1));
  }
  return Ok{};
}

enum class Storage : std::uint8_t { dense, quantised };

Result<FastTextMatrix> read_matrix(BytesLeft& left, Storage storage, std::int32_t dimension) {
  const bool has_norms = storage == Storage::quantised && ALUDEL_TRY(left.flag());
  const auto rows = ALUDEL_TRY(left.value<std::int64_t>());
  const auto columns = ALUDEL_TRY(left.value<std::int64_t>());
  if (rows < 1 || static_cast<std::uint64_t>(rows) > left.size() || columns != dimension) {
    return corrupt(fmt::format("a matrix of {} rows and {} columns, expected {} columns", rows,
                               columns, dimension));
  }
  FastTextMatrix matrix;
  matrix.rows = static_cast<std::size_t>(rows);
  matrix.columns = static_cast<std::size_t>(columns);
  if (storage == Storage::quantised) {
    ALUDEL_TRY(read_quantised(left, has_norms, matrix));
  } else {  // rows <= bytes < 2^63 and columns < 2^31, so the check comes before the product
    if (matrix.rows > left.size() / matrix.columns) return corrupt("a matrix larger than the file");
    matrix.dense = ALUDEL_TRY(left.values<float>(matrix.rows * matrix.columns));
  }
  if (!all_finite(matrix.dense) || !all_finite(matrix.quantiser.centroids) ||
      !all_finite(matrix.norm_quantiser.centroids)) {
    return corrupt("a number of a matrix is not finite");
  }
  return matrix;
}

/// Whether every row that the dictionary can name is in the matrix.
bool covers(const FastTextMatrix& input, const Entries& entries, const Arguments& arguments) {
  const std::size_t words = entries.words.size();
  if (words > input.rows || input.rows > UINT32_MAX) return false;
  if (!entries.kept) {
    return !arguments.has_ngrams() ||
           static_cast<std::size_t>(arguments.buckets) <= input.rows - words;
  }
  return std::ranges::all_of(*entries.kept, [&](const auto& one) {
    return one.bucket >= 0 && one.row >= 0 &&
           static_cast<std::size_t>(one.row) < input.rows - words;
  });
}

/// Huffman's tree over the labels, as fastText builds it: they are sorted by falling count, and the
/// next smallest is the last label or the first inner node, the node where both are equal. Counts
/// of at least 1 keep it shallow. Source: Joulin et al. 2017, arXiv:1607.01759, 2.1.
Result<std::vector<FastTextModel::Node>> build_tree(const std::vector<std::int64_t>& counts) {
  constexpr std::int64_t kUnused = 1'000'000'000'000'000;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 1 || counts[i] >= kUnused - total || (i > 0 && counts[i] > counts[i - 1])) {
      return corrupt("the counts of labels are out of range or out of order");
    }
    total += counts[i];
  }
  const std::size_t labels = counts.size();
  std::vector<FastTextModel::Node> tree(2 * labels - 1);
  std::vector<std::int64_t> weights(counts);
  weights.resize(tree.size(), kUnused);
  std::size_t leaves = labels;  // not yet below a node
  std::size_t inner = labels;
  const auto take_smallest = [&] {
    const bool is_leaf = leaves > 0 && weights[leaves - 1] < weights[inner];
    return static_cast<std::int32_t>(is_leaf ? --leaves : inner++);
  };
  for (std::size_t i = labels; i < tree.size(); ++i) {
    tree[i].left = take_smallest();
    tree[i].right = take_smallest();
    weights[i] = weights[static_cast<std::size_t>(tree[i].left)] +
                 weights[static_cast<std::size_t>(tree[i].right)];
  }
  return tree;
}

}  // namespace

Result<FastTextModel> FastTextModel::from_bytes(std::string_view bytes) {
  BytesLeft left(bytes);
  const Arguments arguments = ALUDEL_TRY(read_arguments(left));
  Entries entries = ALUDEL_TRY(read_entries(left));
  const auto storage_of = [](bool is_quantised) {
    return is_quantised ? Storage::quantised : Storage::dense;
  };
  const bool is_quantised = ALUDEL_TRY(left.flag());
  FastTextMatrix input =
      ALUDEL_TRY(read_matrix(left, storage_of(is_quantised), arguments.dimension));
  const bool output_is_quantised = ALUDEL_TRY(left.flag());
  FastTextMatrix output = ALUDEL_TRY(
      read_matrix(left, storage_of(is_quantised && output_is_quantised), arguments.dimension));
  if (entries.kept && !is_quantised) return corrupt("a pruned dictionary with an f32 matrix");
  if (!covers(input, entries, arguments)) return corrupt("words or buckets without a row");
  if (output.rows != entries.labels.size()) {
    return corrupt(fmt::format("{} rows for {} labels", output.rows, entries.labels.size()));
  }
  std::vector<Node> tree;
  const Loss loss{arguments.loss};
  if (loss == Loss::hierarchical_softmax) tree = ALUDEL_TRY(build_tree(entries.label_counts));
  const FastTextDictionary::Features features{static_cast<std::size_t>(arguments.min_characters),
                                              static_cast<std::size_t>(arguments.max_characters),
                                              static_cast<std::size_t>(arguments.word_ngrams),
                                              static_cast<std::uint32_t>(arguments.buckets)};
  return FastTextModel(FastTextDictionary(std::move(entries.words), std::move(entries.labels),
                                          features, entries.kept),
                       std::move(input), std::move(output), loss, std::move(tree));
}

}  // namespace aludel::text
