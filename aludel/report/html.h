#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aludel::report {

/// Text made safe inside an HTML element or a quoted attribute; invalid UTF-8 becomes U+FFFD.
std::string escape_html(std::string_view text);

/// A table; cells are escaped, and columns whose cells are all numbers stand right.
std::string table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows);

/// A large number with a word under it, as the summary shows them.
std::string card(std::string_view value, std::string_view label);

/// Bytes, counts and seconds as people read them: "12.3 MB", "1.20 M", "2 min 5 s".
std::string human_bytes(double bytes);
std::string human_count(double count);
std::string human_seconds(double seconds);

/// One self-contained HTML file: no scripts or styles from elsewhere, light and dark.
class HtmlPage {
 public:
  HtmlPage(std::string title, std::string subtitle);

  /// `html` is used as it is: escape what comes from documents.
  void add_section(std::string_view title, std::string html);

  bool empty() const { return sections_.empty(); }

  std::string render() const;

 private:
  struct Section {
    std::string title;
    std::string html;
  };

  std::string title_;
  std::string subtitle_;
  std::vector<Section> sections_;
};

}  // namespace aludel::report
