// Reads any bytes as the listing of an object store, and as its other replies.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/io/glob.h"
#include "aludel/io/remote/s3_client.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto listing = aludel::io::parse_s3_listing(bytes);
  if (listing) {
    for (const aludel::io::S3Object& object : listing.value().objects) {
      ALUDEL_CHECK(object.key.size() <= size, "a key is part of the reply");
      (void)aludel::io::matches_glob(bytes.substr(0, 64), object.key);
    }
  }
  (void)aludel::io::xml_element(bytes, "Code");
  return 0;
}
