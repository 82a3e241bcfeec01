#pragma once

#include <string_view>

#include <fmt/format.h>

namespace aludel {

/// Writes one line to stderr, "aludel: " first. Human messages only; results go to stdout.
void log_line(std::string_view message);

template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_line("warning: " + fmt::format(format, std::forward<Args>(args)...));
}

/// Whether stderr is a terminal, where a progress line may be redrawn in place.
bool log_is_terminal();

/// Redraws the current line of a terminal; the next log_line starts below it.
void log_redraw(std::string_view line);

}  // namespace aludel
