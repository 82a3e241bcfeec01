#include "aludel/io/format.h"

namespace aludel::io {
namespace {

bool looks_like_pdf(std::string_view head) {
  return head.starts_with("%PDF-");
}

}  // namespace

// aludel/text/book/pdf.cpp reads it.
extern constinit const FormatSpec format_pdf = {
    .name = "pdf",
    .summary = "The text of PDF books; read through poppler, where it is built in.",
    .source = "ISO 32000-1:2008",
    .extensions = ".pdf",
    .sniff = looks_like_pdf,
};

}  // namespace aludel::io
