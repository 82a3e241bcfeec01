#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/base/result.h"

namespace aludel::io {

/// A piece of an XML document. Names are without their namespace prefix.
struct XmlToken {
  enum class Kind : std::uint8_t { start, end, text };

  Kind kind = Kind::text;
  std::string_view name;  // of start and end
  std::vector<std::pair<std::string_view, std::string>> attributes;
  std::string text;  // of a text, with its character references decoded

  /// The value of an attribute, or an empty string.
  std::string_view attribute(std::string_view wanted) const;
};

/// Reads the XML of small machine-made files (listings of object stores, packages of books) piece
/// by piece. Comments, instructions and document types are passed over, so that no entity is ever
/// expanded but the five of XML itself. An element without content gives a start and an end.
/// Time is linear. One caller at a time.
class XmlReader {
 public:
  /// `xml` must outlive the reader and its tokens.
  explicit XmlReader(std::string_view xml) : rest_(xml) {}

  /// False at the end. Errors: corrupt_data for a tag that does not end.
  Result<bool> next(XmlToken& token);

 private:
  Status read_tag(XmlToken& token);

  std::string_view rest_;
  std::string_view closing_;  // the name of an element without content, whose end is to come
  bool must_close_ = false;
};

}  // namespace aludel::io
