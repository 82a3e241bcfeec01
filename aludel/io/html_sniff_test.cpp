#include "aludel/io/html_sniff.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::io {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): it is used

TEST(HtmlSniffing, KnowsPagesAndFragmentsOfHtml) {
  for (const std::string_view bytes :
       {"<!DOCTYPE html>"sv, "\xEF\xBB\xBF <html lang=en>"sv, "<p>It is early."sv,
        "\n<ARTICLE class=post>"sv, "<!-- saved --><div>"sv, "<!-- a --> <!-- b --><h1>"sv,
        "<?xml version='1.0'?>\n<!-- a --><html xmlns='x'>"sv, "<br/>a"sv, "<a href=x>a</a>"sv,
        "<!-- goes on"sv, "<?php x ?><html>"sv, "<!doctype\nHTML PUBLIC 'x'>"sv, "<table\n>"sv,
        "<section>"sv, "\xFF\xFE<\0p\0>\0a\0"sv}) {
    EXPECT_TRUE(begins_as_html(bytes)) << bytes;
  }
  const std::string far = "<!-- " + std::string(3000, 'x') + " --><p>a";
  EXPECT_TRUE(begins_as_html(far));
}

TEST(HtmlSniffing, TakesNothingElseForHtml) {
  for (const std::string_view bytes :
       {"The tag <p> begins a paragraph."sv, "<pizza> is no element"sv, "<3 you"sv, "< p>"sv,
        "<?xml version='1.0'?><rss>"sv, "<!DOCTYPE svg>"sv, "<bold>"sv, ""sv}) {
    EXPECT_FALSE(begins_as_html(bytes)) << bytes;
  }
}

TEST(HtmlSniffing, TellsAPageFromAFragment) {
  EXPECT_TRUE(begins_as_html_page(" <!-- a --><!doctype html><p>"));
  EXPECT_TRUE(begins_as_html_page("<html>"));
  EXPECT_FALSE(begins_as_html_page("<p align=center>A readme</p>"));
}

}  // namespace
}  // namespace aludel::io
