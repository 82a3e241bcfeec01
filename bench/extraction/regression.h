#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

/// Logistic regression with an L2 penalty on standardised inputs, fitted by Newton's method: no
/// randomness, so the same examples give the same weights.
namespace aludel::bench {

struct Example {
  std::vector<float> inputs;
  bool positive = false;
  double weight = 1;
};

class Regression {
 public:
  /// `ridge` is the penalty on each standardised weight. The examples must outlive this.
  Regression(const std::vector<Example>& examples, double ridge)
      : examples_(examples), ridge_(ridge), size_(examples.front().inputs.size() + 1) {
    standardise();
  }

  /// One weight an input, then the bias.
  std::vector<double> fit() const {
    constexpr int kSteps = 8;  // the last one changes nothing in six digits
    std::vector<double> weights(size_, 0.0);
    for (int step = 0; step < kSteps; ++step) {
      newton_step(weights);
    }
    for (std::size_t i = 0; i + 1 < size_; ++i) {
      weights[i] /= deviation_[i];
      weights.back() -= weights[i] * mean_[i];
    }
    return weights;
  }

 private:
  void standardise() {
    mean_.assign(size_, 0.0);
    deviation_.assign(size_, 0.0);
    double total = 0;
    for (const Example& example : examples_) {
      total += example.weight;
      for (std::size_t i = 0; i + 1 < size_; ++i) {
        const double value = static_cast<double>(example.inputs[i]);
        mean_[i] += example.weight * value;
        deviation_[i] += example.weight * value * value;
      }
    }
    for (std::size_t i = 0; i + 1 < size_; ++i) {
      mean_[i] /= total;
      const double variance = deviation_[i] / total - mean_[i] * mean_[i];
      deviation_[i] = variance < 1e-9 ? 1e9 : std::sqrt(variance);  // 1e9: a constant says nothing
    }
  }

  void newton_step(std::vector<double>& weights) const {
    std::vector<double> hessian(size_ * size_, 0.0);
    std::vector<double> gradient(size_, 0.0);
    std::vector<double> x(size_, 1.0);
    for (const Example& example : examples_) {
      double odds = weights.back();
      for (std::size_t i = 0; i + 1 < size_; ++i) {
        x[i] = (static_cast<double>(example.inputs[i]) - mean_[i]) / deviation_[i];
        odds += weights[i] * x[i];
      }
      const double p = 1 / (1 + std::exp(-std::clamp(odds, -30.0, 30.0)));
      const double error = example.weight * (p - (example.positive ? 1.0 : 0.0));
      const double curvature = example.weight * std::max(p * (1 - p), 1e-4);
      for (std::size_t row = 0; row < size_; ++row) {
        gradient[row] += error * x[row];
        const double scaled = curvature * x[row];
        for (std::size_t column = 0; column <= row; ++column) {
          hessian[row * size_ + column] += scaled * x[column];
        }
      }
    }
    for (std::size_t i = 0; i < size_; ++i) {
      const double ridge = i + 1 < size_ ? ridge_ : 1e-6;
      hessian[i * size_ + i] += ridge;
      gradient[i] += ridge * weights[i];
    }
    solve(hessian, gradient);
    for (std::size_t i = 0; i < size_; ++i) {
      weights[i] -= gradient[i];
    }
  }

  // Solves the symmetric positive definite system in place (Cholesky); the answer is in `right`.
  static void solve(std::vector<double>& matrix, std::vector<double>& right) {
    const std::size_t n = right.size();
    for (std::size_t row = 0; row < n; ++row) {
      for (std::size_t column = 0; column <= row; ++column) {
        double sum = matrix[row * n + column];
        for (std::size_t k = 0; k < column; ++k) {
          sum -= matrix[row * n + k] * matrix[column * n + k];
        }
        matrix[row * n + column] =
            row == column ? std::sqrt(sum) : sum / matrix[column * n + column];
      }
    }
    for (std::size_t row = 0; row < n; ++row) {
      for (std::size_t k = 0; k < row; ++k) {
        right[row] -= matrix[row * n + k] * right[k];
      }
      right[row] /= matrix[row * n + row];
    }
    for (std::size_t row = n; row-- > 0;) {
      for (std::size_t k = row + 1; k < n; ++k) {
        right[row] -= matrix[k * n + row] * right[k];
      }
      right[row] /= matrix[row * n + row];
    }
  }

  const std::vector<Example>& examples_;
  double ridge_;
  std::size_t size_;
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

}  // namespace aludel::bench
