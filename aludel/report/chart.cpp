#include "aludel/report/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include "aludel/report/html.h"

namespace aludel::report {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 300;
constexpr double kLeft = 60;
constexpr double kRight = 130;  // room for the names at the ends of the lines
constexpr double kTop = 28;     // room for the name of the axis
constexpr double kBottom = 42;
constexpr std::size_t kMostPoints = 800;
constexpr std::array<const char*, 3> kColours = {"var(--one)", "var(--two)", "var(--three)"};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }

  /// The position of a value when the range is drawn from `from` to `to`.
  double place(double value, double from, double to) const {
    return high > low ? from + (value - low) / (high - low) * (to - from) : (from + to) / 2;
  }
};

std::string tick_text(double value) {
  return std::abs(value) >= 1e4 ? human_count(value) : fmt::format("{:g}", value);
}

std::string axes(const Range& x, const Range& y, const std::string& x_label,
                 const std::string& y_label) {
  std::string out;
  for (const double tick : axis_ticks(y.low, y.high, 5)) {
    const double at = y.place(tick, kHeight - kBottom, kTop);
    out += fmt::format(
        "<line x1={} x2={} y1={:.1f} y2={:.1f} stroke=\"var(--line)\"/>"
        "<text x={} y={:.1f} text-anchor=end>{}</text>",
        kLeft, kWidth - kRight, at, at, kLeft - 6, at + 4, tick_text(tick));
  }
  for (const double tick : axis_ticks(x.low, x.high, 6)) {
    out +=
        fmt::format("<text x={:.1f} y={} text-anchor=middle>{}</text>",
                    x.place(tick, kLeft, kWidth - kRight), kHeight - kBottom + 18, tick_text(tick));
  }
  return out + fmt::format("<text x={} y={} text-anchor=middle>{}</text><text x={} y={}>{}</text>",
                           (kLeft + kWidth - kRight) / 2, kHeight - 6, escape_html(x_label), 4, 12,
                           escape_html(y_label));
}

struct EndName {
  double x;
  double y;
  std::string colour;
  std::string text;
};

/// The names at the lines' ends, moved down where they would cover each other.
std::string end_names(std::vector<EndName> names) {
  constexpr double kRow = 14;
  std::ranges::stable_sort(names, {}, &EndName::y);
  std::string out;
  double free_from = 0;
  for (const EndName& name : names) {
    const double at = std::max(name.y, free_from);
    free_from = at + kRow;
    out += fmt::format("<text style=\"fill:{}\" x={:.1f} y={:.1f}>{}</text>", name.colour, name.x,
                       at, escape_html(name.text));
  }
  return out;
}

}  // namespace

std::vector<double> axis_ticks(double low, double high, int count) {
  if (!(high > low)) return {low};
  const double raw = (high - low) / std::max(1, count);
  const double power = std::pow(10, std::floor(std::log10(raw)));
  const double step = power * (raw / power <= 1   ? 1
                               : raw / power <= 2 ? 2
                               : raw / power <= 5 ? 5
                                                  : 10);
  std::vector<double> ticks;
  for (double index = std::ceil(low / step - 1e-9); index * step <= high + step * 1e-9; ++index) {
    ticks.push_back(index * step);
  }
  return ticks;
}

std::string line_chart(const std::vector<Series>& series, const std::string& x_label,
                       const std::string& y_label) {
  Range x;
  Range y;
  for (const Series& line : series) {
    for (const Point& point : line.points) {
      x.include(point.x);
      y.include(point.y);
    }
  }
  if (!std::isfinite(x.low)) return "<p class=soft>no points</p>";
  std::string out =
      fmt::format("<svg viewBox=\"0 0 {} {}\" width={} role=img>", kWidth, kHeight, kWidth);
  out += axes(x, y, x_label, y_label);
  std::vector<EndName> names;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto& points = series[i].points;
    if (points.empty()) continue;
    const char* colour = kColours[i % kColours.size()];
    out += fmt::format("<polyline fill=none stroke-width=2 stroke=\"{}\" points=\"", colour);
    const std::size_t stride = (points.size() + kMostPoints - 1) / kMostPoints;
    for (std::size_t p = 0; p < points.size(); p += stride) {
      out += fmt::format("{:.1f},{:.1f} ", x.place(points[p].x, kLeft, kWidth - kRight),
                         y.place(points[p].y, kHeight - kBottom, kTop));
    }
    out += "\"/>";
    names.push_back({x.place(points.back().x, kLeft, kWidth - kRight) + 6,
                     y.place(points.back().y, kHeight - kBottom, kTop) + 4, colour,
                     fmt::format("{} {:.3g}", series[i].name, points.back().y)});
  }
  return out + end_names(std::move(names)) + "</svg>";
}

std::string bar_chart(const std::vector<Bar>& bars) {
  constexpr double kRow = 26;
  constexpr double kLabel = 150;
  constexpr double kNote = 230;
  double most = 0;
  for (const Bar& bar : bars) {
    most = std::max(most, bar.value);
  }
  std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" width={} role=img>", kWidth,
                                kRow * static_cast<double>(bars.size()), kWidth);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double top = kRow * static_cast<double>(i);
    const double width = most > 0 ? bars[i].value / most * (kWidth - kLabel - kNote) : 0;
    out += fmt::format(
        "<text x={} y={} text-anchor=end>{}</text><rect x={} y={} width={:.1f} height={} rx=2 "
        "fill=\"var(--one)\"/><text x={:.1f} y={}>{}</text>",
        kLabel - 8, top + 17, escape_html(bars[i].label), kLabel, top + 4, std::max(width, 1.0),
        kRow - 8, kLabel + width + 8, top + 17, escape_html(bars[i].note));
  }
  return out + "</svg>";
}

std::string histogram(const Histogram& histogram) {
  constexpr double kPlotWidth = 360;
  constexpr double kPlotHeight = 90;
  const auto& [series, low, high, cuts] = histogram;
  if (series.empty() || series[0].empty()) return "";
  std::vector<double> sums(series[0].size());
  for (const std::vector<double>& counts : series) {
    std::ranges::transform(sums, counts, sums.begin(), std::plus<>());
  }
  const double most = std::max(1.0, *std::ranges::max_element(sums));
  const double bin = kPlotWidth / static_cast<double>(sums.size());
  std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" width={} role=img>", kPlotWidth,
                                kPlotHeight + 18, kPlotWidth);
  std::vector<double> below(sums.size());
  for (std::size_t s = 0; s < series.size(); ++s) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (series[s][i] == 0) continue;
      below[i] += series[s][i];
      out += fmt::format(
          "<rect x={:.1f} y={:.1f} width={:.1f} height={:.1f} fill=\"{}\">"
          "<title>{:.0f}</title></rect>",
          static_cast<double>(i) * bin, kPlotHeight * (1 - below[i] / most), std::max(bin - 1, 0.5),
          series[s][i] / most * kPlotHeight, kColours.at(s % kColours.size()), series[s][i]);
    }
  }
  for (const double cut : cuts) {
    if (cut < low || cut > high) continue;
    const double at = (cut - low) / (high - low) * kPlotWidth;
    out +=
        fmt::format("<line x1={:.1f} x2={:.1f} y1=0 y2={} stroke=\"var(--bad)\" stroke-width=2/>",
                    at, at, kPlotHeight);
  }
  return out +
         fmt::format(
             "<text x=0 y={0}>{1:.3g}</text><text x={2} y={0} text-anchor=end>{3:.3g}</text></svg>",
             kPlotHeight + 14, low, kPlotWidth, high);
}

}  // namespace aludel::report
