#include "aludel/io/codec.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>
#include <zstd.h>

#include "aludel/base/rng.h"
#include "aludel/io/member_reader.h"

namespace aludel::io {
namespace {

/// Text that compresses somewhat, different for each seed.
std::string sample(std::uint64_t seed, std::size_t size_bytes) {
  Rng rng(seed, 0);
  std::string bytes;
  while (bytes.size() < size_bytes) {
    bytes += std::string(1 + rng.below(5), static_cast<char>('a' + rng.below(26)));
    if (rng.below(4) == 0) bytes += static_cast<char>(rng.below(256));
  }
  bytes.resize(size_bytes);
  return bytes;
}

std::string compress_zstd_with(std::string_view bytes, std::string_view dictionary) {
  std::string out(ZSTD_compressBound(bytes.size()), ' ');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  out.resize(ZSTD_compress_usingDict(context, out.data(), out.size(), bytes.data(), bytes.size(),
                                     dictionary.data(), dictionary.size(), 3));
  ZSTD_freeCCtx(context);
  return out;
}

class CodecTest : public testing::Test {
 protected:
  std::string read_through(const std::string& path) {
    return read_all(*open_decompressed(files_, path).value(), 1U << 30).value();
  }

  TemporaryFolder folder_;
  LocalFileSystem files_;
};

TEST_F(CodecTest, ReadsBackWhatItWritesInEveryCodec) {
  for (const CodecSpec& codec : all_codecs()) {
    if (codec.make_encoder == nullptr) continue;
    for (const std::size_t size : {0UL, 1UL, 100'000UL, 9'000'000UL}) {
      const std::string bytes = sample(size, size);
      const std::string packed = codec.compress(bytes, codec.default_level);
      EXPECT_EQ(sniff_codec(packed), &codec);
      EXPECT_EQ(decompress(codec, packed, size).value(), bytes) << codec.name << " " << size;
    }
  }
}

TEST_F(CodecTest, WritesTheSameBytesHoweverTheyArrive) {
  const std::string bytes = sample(7, 5'000'000);
  for (const char* name : {"a.gz", "a.zst", "a.txt"}) {
    std::vector<std::string> packed;
    for (const std::size_t piece : {99'999UL, 5'000'000UL}) {
      auto writer = create_compressed(files_, folder_ / name).value();
      for (std::size_t at = 0; at < bytes.size(); at += piece) {
        ASSERT_TRUE(writer->write(std::string_view(bytes).substr(at, piece)).has_value());
      }
      ASSERT_TRUE(writer->commit().has_value());
      EXPECT_EQ(read_through(folder_ / name), bytes);
      packed.push_back(read_file(files_, folder_ / name).value());
    }
    EXPECT_EQ(packed[0], packed[1]);
  }
}

TEST_F(CodecTest, ReadsFramesThatShareADictionary) {
  // A .warc.zst file: a skippable frame with the dictionary, then frames that need it.
  const std::string dictionary = sample(5, 3000);
  const std::string text = dictionary.substr(500, 2000) + "end";
  const std::string frame = compress_zstd_with(text, dictionary);
  for (const std::string& stored : {dictionary, compress_zstd(dictionary)}) {
    std::string file("\x5d\x2a\x4d\x18", 4);
    for (int shift = 0; shift < 32; shift += 8) {
      file += static_cast<char>(stored.size() >> shift);
    }
    file += stored;
    const std::size_t first = file.size();
    folder_.write("d.zst", std::string(file).append(frame).append(frame));
    EXPECT_EQ(read_through(folder_ / "d.zst"), text + text);
    auto second = open_decompressed(files_, folder_ / "d.zst", first + frame.size()).value();
    EXPECT_EQ(read_all(*second, 100'000).value(), text);
  }
}

TEST_F(CodecTest, KnowsWhereEachMemberBegins) {
  for (const char* name : {"gzip", "zstd"}) {
    std::string file;
    std::vector<std::uint64_t> offsets;
    std::vector<std::string> parts;
    for (std::uint64_t i = 0; i < 300; ++i) {
      parts.push_back(sample(i, Rng(1, i).below(3000)));
      offsets.push_back(file.size());
      file += find_codec(name)->compress(parts.back(), 3);
    }
    folder_.write(name, file);
    auto members = MemberReader::open(files_, folder_ / name, 0).value();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ASSERT_TRUE(members.next_member().value());
      EXPECT_EQ(members.member_offset(), offsets[i]);
      if (i % 3 == 0) continue;  // members may be left unread
      std::string bytes(5000, ' ');
      std::size_t size = 0;
      while (const std::size_t count = members.read({bytes.data() + size, 700}).value()) {
        size += count;
      }
      ASSERT_EQ(bytes.substr(0, size), parts[i]);
    }
    EXPECT_FALSE(members.next_member().value());
    auto middle = open_decompressed(files_, folder_ / name, offsets[298]).value();
    EXPECT_EQ(read_all(*middle, 100'000).value(), parts[298] + parts[299]);
  }
}

TEST_F(CodecTest, DecodesFromPiecesOfOneByte) {
  const std::string bytes = sample(3, 3000);
  for (const char* name : {"gzip", "zstd"}) {
    const CodecSpec& codec = *find_codec(name);
    const std::string packed = codec.compress(bytes, 3) + codec.compress(bytes, 3);
    const auto decoder = codec.make_decoder();
    std::string out;
    int members = 0;
    for (std::size_t at = 0; at < packed.size();) {
      char byte = 0;
      const DecodeStep step =
          decoder->decode(std::string_view(packed).substr(at, 1), {&byte, 1}).value();
      at += step.read;
      if (step.written == 1) out += byte;
      if (!step.member_ended) continue;
      ++members;
      decoder->reset();
    }
    EXPECT_EQ(out, bytes + bytes) << name;
    EXPECT_EQ(members, 2) << name;
  }
}

/// The members of a file, read with room for so many bytes: where each begins and what it holds, or
/// the error that ends the reading.
std::vector<std::string> members_of(FileSystem& files, const std::string& path, std::size_t room) {
  auto reader = MemberReader::open(files, path, 0).value();
  std::vector<std::string> members;
  std::string out(room, '\0');
  for (auto more = reader.next_member(); more && more.value(); more = reader.next_member()) {
    std::string& member = members.emplace_back(std::to_string(reader.member_offset()) + " ");
    for (auto count = reader.read(out); !count || count.value() > 0; count = reader.read(out)) {
      if (!count) {
        members.push_back(count.error().message);
        return members;
      }
      member += std::string_view(out).substr(0, count.value());
    }
  }
  return members;
}

TEST_F(CodecTest, DecodesWholeMembersAsInSteps) {
  std::string bytes;
  for (const std::size_t size : {0U, 1U, 5000U, 100'000U, 0U, 600'000U, 2'000'000U, 9'000U, 3U}) {
    bytes += compress_gzip(sample(size, size));
  }
  const std::string path = folder_ / "a.gz";
  ASSERT_TRUE(write_file(files_, path, bytes));
  const auto whole = members_of(files_, path, std::size_t{1} << 20);
  EXPECT_EQ(whole.size(), 9U);
  EXPECT_EQ(whole, members_of(files_, path, 1000));
  std::string wrong_sum = bytes;
  wrong_sum[wrong_sum.size() - 6] ^= 1;
  for (const std::string& damaged : {wrong_sum, bytes.substr(0, bytes.size() - 1)}) {
    ASSERT_TRUE(write_file(files_, path, damaged));
    const auto read = members_of(files_, path, std::size_t{1} << 20);
    EXPECT_EQ(read, members_of(files_, path, 1000));
    EXPECT_EQ(read.size(), 10U) << "the last one is its error";
  }
}

TEST_F(CodecTest, SaysWhereATruncatedMemberBegan) {
  const std::string whole = compress_gzip(sample(1, 5000));
  const std::string cut = whole + compress_gzip(sample(2, 5000)).substr(0, 900);
  folder_.write("cut.gz", cut);
  auto reader = open_decompressed(files_, folder_ / "cut.gz").value();
  const auto bytes = read_all(*reader, 100'000);
  ASSERT_FALSE(bytes.has_value());
  EXPECT_EQ(bytes.error().code, Code::corrupt_data);
  EXPECT_NE(bytes.error().message.find("cut.gz"), std::string::npos);
  EXPECT_NE(bytes.error().message.find("byte " + std::to_string(whole.size())), std::string::npos);
}

TEST_F(CodecTest, FindsTheNextMemberAfterDamage) {
  for (const char* name : {"gzip", "zstd"}) {
    const CodecSpec& codec = *find_codec(name);
    const std::string first = codec.compress(sample(1, 5000), 3);
    std::string damaged = codec.compress(sample(2, 5000), 3);
    for (std::size_t i = 30; i < 400; ++i) {
      damaged[i] = static_cast<char>(damaged[i] ^ 0x5A);
    }
    const std::string last = sample(3, 5000);
    const std::string file = first + damaged + codec.compress(last, 3);
    folder_.write(name, file);
    auto members = MemberReader::open(files_, folder_ / name, first.size()).value();
    ASSERT_TRUE(members.next_member().value());
    std::string bytes(6000, ' ');
    auto count = members.read(bytes);
    while (count && count.value() > 0) {
      count = members.read(bytes);
    }
    ASSERT_FALSE(count.has_value()) << name;
    ASSERT_TRUE(members.skip_damage().value());
    EXPECT_EQ(members.member_offset(), first.size() + damaged.size());
    ASSERT_TRUE(members.next_member().value());
    std::size_t size = 0;
    while (const std::size_t more =
               members.read({bytes.data() + size, bytes.size() - size}).value()) {
      size += more;
    }
    EXPECT_EQ(bytes.substr(0, size), last);
  }
}

TEST_F(CodecTest, RefusesMoreThanItsLimit) {
  const std::string bomb = compress_zstd(std::string(50'000'000, 'x'));
  EXPECT_LT(bomb.size(), 10'000U);
  EXPECT_EQ(decompress_zstd(bomb, 1'000'000).error().code, Code::resource_exhausted);
  EXPECT_EQ(decompress_gzip(compress_gzip("12345"), 4).error().code, Code::resource_exhausted);
  EXPECT_EQ(decompress_gzip("not gzip", 100).error().code, Code::corrupt_data);
  EXPECT_EQ(decompress_gzip(compress_gzip("12345").substr(0, 20), 100).error().code,
            Code::corrupt_data);
}

TEST_F(CodecTest, ReadsDeflateWithAndWithoutItsZlibHeader) {
  const CodecSpec& deflate = *find_codec("deflate");
  const std::string bare("\xcb\x48\xcd\xc9\xc9\x07\x00", 7);  // "hello", made with Python's zlib
  const std::string zlib = std::string("\x78\x9c", 2) + bare + std::string("\x06\x2c\x02\x15", 4);
  EXPECT_EQ(decompress(deflate, bare, 100).value(), "hello");
  EXPECT_EQ(decompress(deflate, zlib, 100).value(), "hello");
}

TEST_F(CodecTest, ReadsBrotli) {
  // Written by libbrotlienc at quality 11.
  const std::string packed(
      "\x1b\x16\x00\xf8\x8d\x94\x6e\xde\x44\x55\x86\x96\x6c\x20\x6f\x21\x4f\x1c\xe0\x38", 20);
  EXPECT_EQ(decompress(*find_codec("br"), packed, 100).value(), "hello hello hello hello");
}

TEST_F(CodecTest, IgnoresZerosAfterTheLastMember) {
  folder_.write("a.gz", compress_gzip("abc") + std::string(1000, '\0'));
  EXPECT_EQ(read_through(folder_ / "a.gz"), "abc");
}

}  // namespace
}  // namespace aludel::io
