#include "aludel/io/formats/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/json.h"
#include "aludel/base/json_doubled.h"
#include "aludel/io/format.h"
#include "aludel/io/stand_in.h"

static_assert(std::endian::native == std::endian::little, "tensors are little-endian");

namespace aludel::io {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kDataAlignment = 64;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the reference reader's limit
constexpr std::string_view kMetadata = "__metadata__";

struct DtypeSize {
  std::string_view name;
  std::size_t bytes;
};

constexpr DtypeSize kDtypes[] = {
    {"F64", 8}, {"I64", 8}, {"U64", 8},  {"F32", 4},     {"I32", 4},
    {"U32", 4}, {"F16", 2}, {"BF16", 2}, {"I16", 2},     {"U16", 2},
    {"I8", 1},  {"U8", 1},  {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1},
};

Error corrupt(std::string what) {
  return Error{Code::corrupt_data, "[safetensors] " + std::move(what)};
}

/// Bytes that shape and dtype ask for; nullopt when that overflows.
std::optional<std::uint64_t> expected_bytes(const TensorView& tensor) {
  std::uint64_t bytes = safetensors_dtype_size(tensor.dtype);
  for (const std::int64_t extent : tensor.shape) {
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes)) {
      return std::nullopt;
    }
  }
  return bytes;
}

Result<std::vector<std::int64_t>> integers(const Json* value, std::string_view what) {
  if (value == nullptr || !value->is_array()) return corrupt(fmt::format("{} is no array", what));
  std::vector<std::int64_t> numbers;
  for (const Json& item : value->as_array()) {
    if (!item.is_integer() || item.as_integer() < 0) {
      return corrupt(fmt::format("{} holds {}, a whole number >= 0 was expected", what,
                                 item.dump().substr(0, 40)));
    }
    numbers.push_back(item.as_integer());
  }
  return numbers;
}

/// One entry of the header, its bytes inside `data`.
Result<TensorView> read_entry(const std::string& name, const Json& entry, std::string_view data) {
  TensorView tensor{name, entry.string_or("dtype", ""), {}, {}};
  if (safetensors_dtype_size(tensor.dtype) == 0) {
    return Error{Code::unsupported,
                 fmt::format("[safetensors] unknown dtype '{}'", tensor.dtype.substr(0, 40))};
  }
  tensor.shape = ALUDEL_TRY(integers(entry.find("shape"), "shape"));
  const auto offsets = ALUDEL_TRY(integers(entry.find("data_offsets"), "data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1] ||
      static_cast<std::uint64_t>(offsets[1]) > data.size()) {
    return corrupt(fmt::format("data_offsets [{}] do not lie in the {} bytes of data",
                               fmt::join(offsets, ", "), data.size()));
  }
  const auto begin = static_cast<std::size_t>(offsets[0]);
  const auto size = static_cast<std::size_t>(offsets[1]) - begin;
  if (expected_bytes(tensor) != size) {
    return corrupt(fmt::format("shape [{}] of {} does not take {} bytes",
                               fmt::join(tensor.shape, ", "), tensor.dtype, size));
  }
  tensor.bytes = data.substr(begin, size);
  return tensor;
}

/// The tensors must cover the data without overlap and without holes, as the format demands.
Status check_coverage(std::span<const TensorView> tensors, std::string_view data) {
  std::vector<const TensorView*> by_place;
  for (const TensorView& tensor : tensors) {
    by_place.push_back(&tensor);
  }
  std::ranges::sort(by_place, {}, [](const TensorView* tensor) {
    return std::pair(tensor->bytes.data(), tensor->bytes.size());
  });
  const char* end = data.data();
  for (const TensorView* tensor : by_place) {
    if (tensor->bytes.data() != end) {
      return corrupt(fmt::format("tensor '{}' begins at byte {} of the data, {} was expected: {}",
                                 tensor->name, tensor->bytes.data() - data.data(),
                                 end - data.data(),
                                 tensor->bytes.data() < end ? "tensors overlap" : "a hole"));
    }
    end += tensor->bytes.size();
  }
  if (end != data.data() + data.size()) {
    return corrupt(
        fmt::format("{} bytes at the end belong to no tensor", data.data() + data.size() - end));
  }
  return Ok{};
}

std::string header_of(std::span<const TensorView* const> tensors,
                      const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  for (const auto& [key, value] : metadata) {
    header[kMetadata][key] = value;
  }
  std::uint64_t offset = 0;
  for (const TensorView* tensor : tensors) {
    Json& entry = header[tensor->name];
    entry["dtype"] = tensor->dtype;
    entry["shape"] = Json::array();
    for (const std::int64_t extent : tensor->shape) {
      entry["shape"].push_back(extent);
    }
    entry["data_offsets"].push_back(offset);
    offset += expected_bytes(*tensor).value_or(0);
    entry["data_offsets"].push_back(offset);
  }
  std::string text = header.dump();
  while ((kLengthBytes + text.size()) % kDataAlignment != 0) {
    text += ' ';
  }
  return text;
}

/// Creates a file and writes its header; the tensors' bytes follow, in that order.
Result<std::unique_ptr<ByteWriter>> create_with_header(
    FileSystem& files, const std::string& path, std::span<const TensorView* const> tensors,
    const std::map<std::string, std::string>& metadata) {
  const std::string header = header_of(tensors, metadata);
  const std::uint64_t header_bytes = header.size();
  char length[kLengthBytes];
  std::memcpy(length, &header_bytes, kLengthBytes);
  auto file = ALUDEL_TRY(files.create(path));
  ALUDEL_TRY(file->write({length, kLengthBytes}));
  ALUDEL_TRY(file->write(header));
  return file;
}

bool looks_like_safetensors(std::string_view head) {
  return head.size() > kLengthBytes + 1 && head[kLengthBytes] == '{' && head[7] == '\0' &&
         head[6] == '\0';
}

}  // namespace

std::size_t safetensors_dtype_size(std::string_view dtype) {
  const auto* found = std::ranges::find(kDtypes, dtype, &DtypeSize::name);
  return found == std::end(kDtypes) ? 0 : found->bytes;
}

Result<SafetensorsFile> SafetensorsFile::open(FileSystem& files, const std::string& path) {
  SafetensorsFile file(ALUDEL_TRY(files.map(path)));
  ALUDEL_TRY(expect_no_stand_in(file.file_.bytes(), path));
  auto status = file.parse();
  if (!status) {
    Error error = std::move(status).error();
    if (error.code == Code::corrupt_data)
      error.message += "; it is damaged or cut off: copy it again";
    return std::move(error).with_context(path);
  }
  return file;
}

Status SafetensorsFile::parse() {
  const std::string_view bytes = file_.bytes();
  std::uint64_t header_bytes = 0;
  if (bytes.size() < kLengthBytes) {
    return corrupt(fmt::format("only {} bytes, a header was expected", bytes.size()));
  }
  std::memcpy(&header_bytes, bytes.data(), kLengthBytes);
  if (header_bytes > kMaxHeaderBytes || header_bytes > bytes.size() - kLengthBytes) {
    return corrupt(fmt::format("a header of {} bytes is announced in a file of {}", header_bytes,
                               bytes.size()));
  }
  auto header = parse_json(bytes.substr(kLengthBytes, header_bytes));
  if (!header) return std::move(header).error().with_context("[safetensors] header");
  if (!header.value().is_object()) return corrupt("the header is no JSON object");
  if (const auto name = doubled_member(header.value())) {
    return corrupt(fmt::format("'{}' stands twice in the header", *name));
  }
  const std::string_view data = bytes.substr(kLengthBytes + header_bytes);
  for (const auto& [name, entry] : header.value().as_object()) {
    if (name == kMetadata) {
      if (!entry.is_object()) return corrupt("__metadata__ is no object");
      for (const auto& [key, value] : entry.as_object()) {
        if (!value.is_string()) return corrupt(fmt::format("metadata '{}' is no string", key));
        metadata_[key] = value.as_string();
      }
      continue;
    }
    auto tensor = read_entry(name, entry, data);
    if (!tensor) return std::move(tensor).error().with_context(fmt::format("tensor '{}'", name));
    tensors_.push_back(std::move(tensor).value());
  }
  std::ranges::sort(tensors_, {}, &TensorView::name);
  return check_coverage(tensors_, data);
}

const TensorView* SafetensorsFile::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(tensors_, name, {}, &TensorView::name);
  return found != tensors_.end() && found->name == name ? &*found : nullptr;
}

Status write_safetensors(FileSystem& files, const std::string& path,
                         std::span<const TensorView> tensors,
                         const std::map<std::string, std::string>& metadata) {
  std::vector<const TensorView*> ordered;
  for (const TensorView& tensor : tensors) {
    ALUDEL_CHECK(expected_bytes(tensor) == tensor.bytes.size() && tensor.name != kMetadata,
                 "dtype, shape and bytes of a tensor agree");
    ordered.push_back(&tensor);
  }
  std::ranges::sort(ordered, {}, &TensorView::name);
  const auto twin = std::ranges::adjacent_find(ordered, {}, &TensorView::name);
  if (twin != ordered.end()) {
    return Error{Code::invalid_argument,
                 fmt::format("{}: [safetensors] two tensors are named '{}'", path, (*twin)->name)};
  }
  std::ranges::stable_sort(ordered, std::greater<>(), [](const TensorView* tensor) {
    return safetensors_dtype_size(tensor->dtype);
  });
  auto file = ALUDEL_TRY(create_with_header(files, path, ordered, metadata));
  for (const TensorView* tensor : ordered) {
    ALUDEL_TRY(file->write(tensor->bytes));
  }
  return file->commit();
}

Result<std::unique_ptr<ByteWriter>> begin_safetensors(FileSystem& files, const std::string& path,
                                                      const TensorView& tensor) {
  ALUDEL_CHECK(expected_bytes(tensor) && tensor.name != kMetadata, "the tensor has a size");
  const TensorView* const one = &tensor;
  return create_with_header(files, path, std::span(&one, 1), {});
}

extern constinit const FormatSpec format_safetensors = {
    .name = "safetensors",
    .summary = "Named tensors: the weights of Hugging Face model folders.",
    .source = "https://github.com/huggingface/safetensors",
    .extensions = "",
    .sniff = looks_like_safetensors,
};

}  // namespace aludel::io
