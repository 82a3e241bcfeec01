#include "aludel/base/progress.h"

#include <algorithm>

#include "aludel/base/clock.h"
#include "aludel/base/log.h"

namespace aludel {
namespace {

constexpr double kRedrawSeconds = 0.2;
constexpr double kPlainSeconds = 10.0;
constexpr std::size_t kBarWidth = 24;

}  // namespace

Progress::Progress(std::string_view what, std::uint64_t total, std::string_view unit)
    : what_(what), unit_(unit), total_(total), started_(now_seconds()), last_shown_(started_) {}

Progress::~Progress() {
  const double seconds = now_seconds() - started_;
  log_info("{}: {} {} in {:.1f} s ({:.0f} per second){}{}", what_, done_, unit_, seconds,
           static_cast<double>(done_) / std::max(seconds, 1e-3), note_.empty() ? "" : ", ", note_);
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
    log_line(line());
  }
}

std::string Progress::line() const {
  const double seconds = std::max(now_seconds() - started_, 1e-3);
  const double speed = static_cast<double>(done_) / seconds;
  if (total_ == 0) {
    return fmt::format("{}: {} {} ({:.0f} per second) {}", what_, done_, unit_, speed, note_);
  }
  const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  return fmt::format(
      "{}: [{}{}] {}/{} {} ({:.0f} per second, {:.0f} s left) {}", what_, std::string(filled, '#'),
      std::string(kBarWidth - filled, '.'), done_, total_, unit_, speed,
      static_cast<double>(total_ - std::min(done_, total_)) / std::max(speed, 1e-9), note_);
}

}  // namespace aludel
