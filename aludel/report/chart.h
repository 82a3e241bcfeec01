#pragma once

#include <string>
#include <vector>

namespace aludel::report {

struct Point {
  double x;
  double y;
};

struct Series {
  std::string name;
  std::vector<Point> points;
};

/// Lines over common axes, as inline SVG; each line is named at its end. At most 800 points a line
/// are drawn: of more, every n-th.
std::string line_chart(const std::vector<Series>& series, const std::string& x_label,
                       const std::string& y_label);

struct Bar {
  std::string label;
  double value;
  std::string note;  // stands after the bar: "1,203 (4 % dropped)"
};

/// Horizontal bars from zero, as inline SVG.
std::string bar_chart(const std::vector<Bar>& bars);

/// Counts of equal bins between `low` and `high`; several series stand on each other, in the
/// colours of line_chart. Each of `cuts` between low and high is drawn as a line. REQUIRES: series
/// of one length.
struct Histogram {
  std::vector<std::vector<double>> series;
  double low;
  double high;
  std::vector<double> cuts;
};

std::string histogram(const Histogram& histogram);

/// Round numbers, at most about `count` of them, that span low to high.
std::vector<double> axis_ticks(double low, double high, int count);

}  // namespace aludel::report
