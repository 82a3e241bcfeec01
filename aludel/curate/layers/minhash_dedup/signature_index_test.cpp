#include "aludel/curate/layers/minhash_dedup/signature_index.h"

#include <algorithm>
#include <optional>

#include "tests/memory_file_system.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/curate/layers/minhash_dedup/signature.h"

namespace aludel::curate::minhash_dedup {
namespace {

constexpr SignatureSettings kUsual{5, 112, 2026};

std::vector<std::uint32_t> signature_of_number(int i) {
  static const SignatureHashes hashes(112, 2026);
  return hashes.signature(shingles(fmt::format("the {} cat sat on the mat and 猫坐在", i), 5));
}

class SignatureIndexFile : public testing::Test {
 protected:
  void SetUp() override {
    auto writer = SignatureIndexWriter::create(files_, "a.index", kUsual).value();
    for (int i = 0; i < 3000; ++i) {  // more than are written at once
      ASSERT_TRUE(writer.add(hash128(std::to_string(i)), signature_of_number(i)));
    }
    ASSERT_TRUE(writer.commit());
  }

  std::string& bytes() { return files_.files()["a.index"]; }

  std::optional<Code> code_of_opening() {
    const auto index = SignatureIndex::open(files_, "a.index");
    return index ? std::nullopt : std::optional(index.error().code);
  }

  MemoryFileSystem files_{1000};
};

TEST_F(SignatureIndexFile, GivesBackWhatWasAddedFromAnyDocumentOn) {
  const auto index = SignatureIndex::open(files_, "a.index").value();
  EXPECT_EQ(index.settings(), kUsual);
  EXPECT_EQ(index.documents(), 3000U);
  EXPECT_EQ(index.name(), "a.index");
  for (const auto& [begin, end] : {std::pair{0, 3000}, {2990, 3000}, {5, 5}, {17, 2400}}) {
    int next = begin;
    const auto read =
        index.read(static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(end),
                   [&](const Hash128& id, std::span<const std::uint32_t> signature) -> Status {
                     EXPECT_EQ(id, hash128(std::to_string(next)));
                     EXPECT_TRUE(std::ranges::equal(signature, signature_of_number(next)));
                     ++next;
                     return Ok{};
                   });
    EXPECT_TRUE(read);
    EXPECT_EQ(next, end);
  }
}

TEST_F(SignatureIndexFile, RefusesWhatIsCutShortOrDamagedAnywhere) {
  const std::string whole = bytes();
  for (const std::size_t size :
       {0UL, 5UL, 11UL, 30UL, 500UL, whole.size() - 472, whole.size() - 16, whole.size() - 1}) {
    bytes() = whole.substr(0, size);
    EXPECT_EQ(code_of_opening(), Code::corrupt_data) << size;
  }
  for (const std::size_t at : {0UL, 8UL, 11UL, 14UL, 30UL, whole.size() - 16, whole.size() - 3}) {
    bytes() = whole;
    bytes()[at] ^= 1;
    EXPECT_EQ(code_of_opening(), Code::corrupt_data) << at;
  }
  bytes() = whole + "x";
  EXPECT_EQ(code_of_opening(), Code::corrupt_data);
  bytes() = whole;
  bytes()[60 + 472 * 20] ^= 1;
  const auto index = SignatureIndex::open(files_, "a.index").value();
  const auto pass = [](const Hash128&, std::span<const std::uint32_t>) -> Status { return Ok{}; };
  EXPECT_TRUE(index.read(0, 10, pass));
  const Status read = index.read(0, 3000, pass);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("a.index"), std::string::npos);
  EXPECT_NE(read.error().message.find("document 20 is damaged"), std::string::npos)
      << read.error().message;
}

// Words, shingles, hash functions and the layout must not change under files that exist.
TEST_F(SignatureIndexFile, HoldsTheBytesThatItAlwaysHeld) {
  EXPECT_EQ(bytes().size(), 12U + 36 + 3000 * 472 + 16);
  EXPECT_EQ(hash128(bytes()).hex(), "604cd785257edc7f793c13c9fb5ffc92");
}

}  // namespace
}  // namespace aludel::curate::minhash_dedup
