#include "aludel/curate/sources/source_formats.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/curate/cascade/config.h"
#include "aludel/io/format.h"

namespace aludel::curate {
namespace {

TEST(SourceFormats, AreThoseWhoseFilesHaveNames) {
  for (const io::FormatSpec* format : io::all_formats()) {
    EXPECT_EQ(find_source_format(format->name) != nullptr, !format->extensions.empty())
        << format->name;
  }
  for (const io::NameEnding& page : io::page_endings()) {
    EXPECT_NE(find_source_format(page.format), nullptr) << page.ending;
  }
}

TEST(SourceFormats, AreKnownByTheirBytesOrTheirNames) {
  const auto is_format = [](std::string_view name) {
    return std::ranges::find(io::all_formats(), name, &io::FormatSpec::name) !=
           io::all_formats().end();
  };
  const auto is_page = [](std::string_view name) {
    return std::ranges::find(io::page_endings(), name, &io::NameEnding::format) !=
           io::page_endings().end();
  };
  for (const SourceFormatSpec& format : source_formats()) {
    EXPECT_NE(is_format(format.name), is_page(format.name)) << format.name;
    ASSERT_NE(format.open, nullptr) << format.name;
  }
}

TEST(SourceFormats, AreWhatAConfigMayName) {
  const auto reads = [](std::string_view format) {
    const std::string toml =
        fmt::format("[[sources]]\nname = \"x\"\npath = \"-\"\nformat = \"{}\"\n", format);
    return read_curate_config(toml, "test", {}).has_value();
  };
  EXPECT_TRUE(reads("auto"));
  for (const SourceFormatSpec& format : source_formats()) {
    EXPECT_TRUE(reads(format.name)) << format.name;
  }
  EXPECT_FALSE(reads("safetensors"));
}

}  // namespace
}  // namespace aludel::curate
