#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/format.h>

namespace aludel {

/// What a quiet program leaves out is `info`: progress and what was done.
enum class LogLevel : std::uint8_t { info, warning };

/// Writes one line to stderr, "aludel: " first. Human messages only; results go to stdout.
void log_line(std::string_view message, LogLevel level = LogLevel::warning);

/// From now on only warnings and errors are written. Called once, before any thread starts.
void log_quietly();

template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_line(fmt::format(format, std::forward<Args>(args)...), LogLevel::info);
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
