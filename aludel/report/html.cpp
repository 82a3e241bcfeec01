#include "aludel/report/html.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "aludel/base/utf8.h"

namespace aludel::report {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--page:#fbfbfa;--card:#fff;
--one:#2f6db5;--two:#c2632b;--three:#3b8a5f;--bad:#b3423a;--fill:#e6eef8}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa5b3;--line:#39424e;--page:#14181d;
--card:#1c2229;--one:#7fb0e8;--two:#e39a6a;--three:#7cc49b;--bad:#e58a82;--fill:#243244}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1000px;margin:0 auto;padding:32px 20px 80px}
h1{margin:0;font-size:30px}h2{margin:44px 0 12px;font-size:21px;border-top:1px solid var(--line);
padding-top:22px}h3{font-size:16px;margin:22px 0 6px}p{margin:6px 0;max-width:75ch}
.soft{color:var(--soft)}nav{margin:14px 0;font-size:14px}nav a{margin-right:14px;color:var(--one)}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}.card{background:var(--card);
border:1px solid var(--line);border-radius:8px;padding:12px 16px;min-width:120px}
.card b{display:block;font-size:24px}.card span{color:var(--soft);font-size:13px}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:14px;margin:8px 0}
th,td{padding:5px 12px 5px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{color:var(--soft);font-weight:600}.num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px;margin:6px 0;
white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,monospace;max-height:340px;
overflow-y:auto}details{margin:6px 0}summary{cursor:pointer}svg{max-width:100%;height:auto}
svg text{fill:var(--soft);font:12px system-ui,sans-serif}.pair{display:grid;gap:10px;
grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}.tag{background:var(--fill);border-radius:4px;
padding:1px 7px;font-size:13px}del{color:var(--bad)}ins{color:var(--three);text-decoration:none;
font-weight:600}
)css";

bool is_number(std::string_view cell) {
  return !cell.empty() && std::ranges::all_of(cell, [](char c) {
    return (c >= '0' && c <= '9') ||
           std::string_view(" .,%+-MkGTBms/").find(c) != std::string_view::npos;
  }) && cell.find_first_of("0123456789") != std::string_view::npos;
}

std::string anchor(std::string_view title) {
  std::string out;
  for (const char c : title) {
    out += c == ' ' ? '-' : c;
  }
  return escape_html(out);
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string valid;
  if (!is_valid_utf8(text)) {
    valid = replace_invalid_utf8(text);
    text = valid;
  }
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows) {
  std::vector<bool> right(head.size(), !rows.empty());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < std::min(row.size(), right.size()); ++i) {
      if (!row[i].empty() && !is_number(row[i])) right[i] = false;
    }
  }
  const auto cell = [&right](std::string_view tag, std::size_t column, std::string_view text) {
    const bool numeric = column < right.size() && right[column];
    return fmt::format("<{0}{1}>{2}</{0}>", tag, numeric ? " class=num" : "", escape_html(text));
  };
  std::string out = "<div class=scroll><table><tr>";
  for (std::size_t i = 0; i < head.size(); ++i) {
    out += cell("th", i, head[i]);
  }
  out += "</tr>";
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += cell("td", i, row[i]);
    }
    out += "</tr>\n";
  }
  return out + "</table></div>";
}

std::string card(std::string_view value, std::string_view label) {
  return fmt::format("<div class=card><b>{}</b><span>{}</span></div>", escape_html(value),
                     escape_html(label));
}

std::string human_bytes(double bytes) {
  if (bytes < 1e3) return fmt::format("{:.0f} B", bytes);
  if (bytes < 1e6) return fmt::format("{:.1f} kB", bytes / 1e3);
  if (bytes < 1e9) return fmt::format("{:.1f} MB", bytes / 1e6);
  return fmt::format("{:.2f} GB", bytes / 1e9);
}

std::string human_count(double count) {
  if (count < 1e4) return fmt::format("{:.0f}", count);
  if (count < 1e6) return fmt::format("{:.1f} k", count / 1e3);
  if (count < 1e9) return fmt::format("{:.2f} M", count / 1e6);
  return fmt::format("{:.2f} G", count / 1e9);
}

std::string human_seconds(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::lround(seconds);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

HtmlPage::HtmlPage(std::string title, std::string subtitle)
    : title_(std::move(title)), subtitle_(std::move(subtitle)) {}

void HtmlPage::add_section(std::string_view title, std::string html) {
  sections_.push_back({std::string(title), std::move(html)});
}

std::string HtmlPage::render() const {
  std::string out = fmt::format(
      "<!doctype html><html lang=en><head><meta charset=utf-8>"
      "<meta name=viewport content=\"width=device-width\"><title>{}</title><style>{}</style></head>"
      "<body><main><h1>{}</h1><p class=soft>{}</p><nav>",
      escape_html(title_), kStyle, escape_html(title_), escape_html(subtitle_));
  for (const Section& section : sections_) {
    out += fmt::format("<a href=\"#{}\">{}</a>", anchor(section.title), escape_html(section.title));
  }
  out += "</nav>";
  for (const Section& section : sections_) {
    out += fmt::format("<section id=\"{}\"><h2>{}</h2>{}</section>\n", anchor(section.title),
                       escape_html(section.title), section.html);
  }
  return out + "</main></body></html>\n";
}

}  // namespace aludel::report
