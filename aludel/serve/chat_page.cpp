#include "aludel/serve/chat_page.h"

#include <algorithm>
#include <span>

#include "aludel/base/check.h"
#include "aludel/base/embedded.h"

namespace aludel::serve {

std::span<const EmbeddedFile> all_pages();  // generated from pages/

std::string_view chat_page() {
  const auto page = std::ranges::find(all_pages(), "chat", &EmbeddedFile::name);
  ALUDEL_CHECK(page != all_pages().end(), "[serve] the chat page is missing");
  return page->text;
}

}  // namespace aludel::serve
