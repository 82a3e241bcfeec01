#include "aludel/base/progress.h"

#include <algorithm>

#include "aludel/base/clock.h"
#include "aludel/base/log.h"

namespace aludel {
namespace {

constexpr double kRedrawSeconds = 0.2;
constexpr double kPlainSeconds = 10.0;
constexpr std::size_t kBarWidth = 24;

bool is_bytes(std::string_view unit) {
  return unit == "bytes";
}

/// "85.4 MB" or "12 documents".
std::string amount(std::uint64_t units, std::string_view unit) {
  if (is_bytes(unit)) return fmt::format("{:.1f} MB", static_cast<double>(units) / 1e6);
  return fmt::format("{} {}", units, unit);
}

/// "20.7 MB per second", "120 per second", "0.23 per second".
std::string rate(double units, std::string_view unit) {
  if (is_bytes(unit)) return fmt::format("{:.1f} MB per second", units / 1e6);
  return fmt::format("{:.{}f} per second", units, units < 10 ? 2 : 0);
}

}  // namespace

Progress::Progress(std::string_view what, std::uint64_t total, std::string_view unit)
    : what_(what), unit_(unit), total_(total), started_(now_seconds()), last_shown_(started_) {}

Progress::~Progress() {
  const double seconds = now_seconds() - started_;
  const double speed = static_cast<double>(done_) / std::max(seconds, 1e-3);
  log_info("{}: {} in {:.1f} s ({}){}{}", what_, amount(done_, unit_), seconds, rate(speed, unit_),
           note_.empty() ? "" : ", ", note_);
}

void Progress::advance(std::uint64_t units, std::string_view note) {
  const std::lock_guard lock(mutex_);
  done_ += units;
  if (!note.empty()) note_ = note;
  const double now = now_seconds();
  const bool terminal = log_is_terminal();
  if (now - last_shown_ < (terminal ? kRedrawSeconds : kPlainSeconds)) return;
  last_shown_ = now;
  if (terminal) {
    log_redraw(line());
  } else {
    log_line(line(), LogLevel::info);
  }
}

std::string Progress::line() const {
  const double seconds = std::max(now_seconds() - started_, 1e-3);
  const auto done = static_cast<double>(done_);
  const double speed = done / seconds;
  if (total_ == 0) {
    return fmt::format("{}: {} ({}) {}", what_, amount(done_, unit_), rate(speed, unit_), note_);
  }
  const auto total = static_cast<double>(total_);
  const auto filled = static_cast<std::size_t>(std::min(1.0, done / total) * kBarWidth);
  const std::string shown =
      is_bytes(unit_) ? fmt::format("{:.1f}", done / 1e6) : fmt::format("{}", done_);
  return fmt::format("{}: [{}{}] {} of {} ({}, {:.0f} s left) {}", what_, std::string(filled, '#'),
                     std::string(kBarWidth - filled, '.'), shown, amount(total_, unit_),
                     rate(speed, unit_), std::max(total - done, 0.0) / std::max(speed, 1e-9),
                     note_);
}

}  // namespace aludel
