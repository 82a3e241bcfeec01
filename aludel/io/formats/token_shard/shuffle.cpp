#include "aludel/io/formats/token_shard/shuffle.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/rng.h"
#include "aludel/base/stop.h"

namespace aludel::io {
namespace {

constexpr std::size_t kPartBits = 6;
constexpr std::size_t kPartBufferBytes = std::size_t{256} << 10;

/// What stands before the ids of a document in a part.
struct DocumentHead {
  std::uint64_t key;
  std::uint64_t count;
};

/// A document's place in its part.
struct ShuffledDocument {
  std::uint64_t key;
  std::uint64_t offset;  // of its head; rises with the document's number, so that ties are settled
};

}  // namespace

Result<TokenShuffle> TokenShuffle::start(FileSystem& files, const std::string& folder,
                                         std::uint64_t seed) {
  TokenShuffle shuffle(files, folder, seed);
  ALUDEL_TRY(files.remove(folder));  // of a run that was killed
  ALUDEL_TRY(files.make_folders(folder));
  for (std::size_t i = 0; i < std::size_t{1} << kPartBits; ++i) {
    shuffle.parts_.push_back({ALUDEL_TRY(files.create_scratch(shuffle.part_path(i))), {}});
  }
  return shuffle;
}

std::string TokenShuffle::part_path(std::size_t part) const {
  return join_path(folder_, fmt::format("{:02}", part));
}

Status TokenShuffle::add_document(std::span<const std::int32_t> ids) {
  const DocumentHead head{Rng(seed_, documents_++).next(), ids.size()};
  Part& part = parts_[head.key >> (64 - kPartBits)];
  ALUDEL_CHECK(part.file != nullptr, "no document is added to what is written");
  char bytes[sizeof head];
  std::memcpy(bytes, &head, sizeof head);
  part.buffer.append(bytes, sizeof head);
  part.buffer.append(reinterpret_cast<const char*>(ids.data()), ids.size_bytes());
  if (part.buffer.size() < kPartBufferBytes) return Ok{};
  ALUDEL_TRY(part.file->write(part.buffer));
  part.buffer.clear();
  return Ok{};
}

Status TokenShuffle::write_to(TokenShardWriter& shard) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Part part = std::move(parts_[i]);
    ALUDEL_TRY(part.file->write(part.buffer));
    ALUDEL_TRY(part.file->commit());
    ALUDEL_TRY(write_part(part_path(i), shard));
    ALUDEL_TRY(files_->remove(part_path(i)));
  }
  return files_->remove(folder_);
}

Status TokenShuffle::write_part(const std::string& path, TokenShardWriter& shard) {
  const MappedFile file = ALUDEL_TRY(files_->map(path));
  const std::string_view bytes = file.bytes();
  const auto head_at = [bytes](std::uint64_t offset) {
    DocumentHead head;
    ALUDEL_CHECK(bytes.size() - offset >= sizeof head, "a part holds whole heads");
    std::memcpy(&head, bytes.data() + offset, sizeof head);
    ALUDEL_CHECK(head.count <= (bytes.size() - offset - sizeof head) / sizeof(std::int32_t),
                 "a part holds whole documents");
    return head;
  };
  std::vector<ShuffledDocument> order;
  for (std::uint64_t offset = 0; offset < bytes.size();) {
    const DocumentHead head = head_at(offset);
    order.push_back({head.key, offset});
    offset += sizeof head + head.count * sizeof(std::int32_t);
  }
  std::ranges::sort(order, [](const ShuffledDocument& a, const ShuffledDocument& b) {
    return a.key != b.key ? a.key < b.key : a.offset < b.offset;
  });
  std::vector<std::int32_t> ids;
  for (const ShuffledDocument& document : order) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    ids.resize(head_at(document.offset).count);
    if (!ids.empty()) {
      std::memcpy(ids.data(), bytes.data() + document.offset + sizeof(DocumentHead),
                  ids.size() * sizeof(ids[0]));
    }
    ALUDEL_TRY(shard.add_document(ids));
  }
  return Ok{};
}

}  // namespace aludel::io
