#include "aludel/text/language/fasttext_model.h"

#include <algorithm>
#include <cmath>

namespace aludel::text {
namespace {

// In double, then rounded: the last digits of a probability depend on it.
float shifted_log(float probability) {
  return static_cast<float>(std::log(static_cast<double>(probability) + 1e-5));
}

bool is_better(const std::pair<float, std::int32_t>& a, const std::pair<float, std::int32_t>& b) {
  return a.first > b.first;
}

void keep_best(std::pair<float, std::int32_t> scored, std::size_t count,
               std::vector<std::pair<float, std::int32_t>>& best) {
  best.push_back(scored);
  std::push_heap(best.begin(), best.end(), is_better);
  if (best.size() > count) {
    std::pop_heap(best.begin(), best.end(), is_better);
    best.pop_back();
  }
}

// fastText's sigmoid is a table of 512 steps from -8 to 8.
float stepped_sigmoid(float x) {
  constexpr float kLimit = 8;
  constexpr float kSteps = 512;
  if (!(x >= -kLimit)) return 0;
  if (x > kLimit) return 1;
  const float step = std::floor((x + kLimit) * kSteps / kLimit / 2);
  const float at = step * 2 * kLimit / kSteps - kLimit;
  return static_cast<float>(1.0 / (1.0 + static_cast<double>(std::exp(-at))));
}

void to_softmax(std::vector<float>& values) {
  const float most = *std::ranges::max_element(values);
  float sum = 0;
  for (float& value : values) {
    value = std::exp(value - most);
    sum += value;
  }
  for (float& value : values) {
    value /= sum;
  }
}

}  // namespace

std::vector<float> FastTextModel::hidden_of(std::string_view text) const {
  const std::vector<std::uint32_t> rows = dictionary_.rows_of(text);
  if (rows.empty()) return {};
  std::vector<float> sum(input_.columns, 0);
  for (const std::uint32_t row : rows) {
    input_.add_row(row, sum);
  }
  const auto scale = static_cast<float>(1.0 / static_cast<double>(rows.size()));
  for (float& value : sum) {
    value *= scale;
  }
  return sum;
}

std::vector<float> FastTextModel::probabilities(std::span<const float> hidden) const {
  std::vector<float> values(output_.rows);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = output_.dot_row(i, hidden);
  }
  if (loss_ == Loss::softmax) {
    to_softmax(values);
  } else {
    for (float& value : values) {
      value = stepped_sigmoid(value);
    }
  }
  return values;
}

void FastTextModel::search_tree(std::int32_t node, float score, std::span<const float> hidden,
                                std::size_t count, std::vector<Scored>& best) const {
  if (score < shifted_log(0) || (best.size() == count && score < best.front().first)) return;
  const Node& at = tree_[static_cast<std::size_t>(node)];
  if (at.left < 0) {
    keep_best({score, node}, count, best);
    return;
  }
  const std::size_t row = static_cast<std::size_t>(node) - labels().size();
  const float dot = output_.dot_row(row, hidden);
  const auto right = static_cast<float>(1.0 / static_cast<double>(1 + std::exp(-dot)));
  const auto left = static_cast<float>(1.0 - static_cast<double>(right));
  search_tree(at.left, score + shifted_log(left), hidden, count, best);
  search_tree(at.right, score + shifted_log(right), hidden, count, best);
}

std::vector<FastTextPrediction> FastTextModel::predict(std::string_view text,
                                                       std::size_t count) const {
  const std::vector<float> hidden = hidden_of(text);
  if (hidden.empty() || count == 0) return {};
  std::vector<Scored> best;
  if (loss_ == Loss::hierarchical_softmax) {
    search_tree(static_cast<std::int32_t>(tree_.size()) - 1, 0, hidden, count, best);
  } else {
    const std::vector<float> all = probabilities(hidden);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const float score = shifted_log(all[i]);
      if (best.size() == count && score < best.front().first) continue;
      keep_best({score, static_cast<std::int32_t>(i)}, count, best);
    }
  }
  std::sort_heap(best.begin(), best.end(), is_better);
  std::vector<FastTextPrediction> predictions;
  for (const auto& [score, label] : best) {
    std::string_view name = labels()[static_cast<std::size_t>(label)];
    if (name.starts_with(kFastTextLabelPrefix)) name.remove_prefix(kFastTextLabelPrefix.size());
    predictions.push_back({name, std::exp(score)});
  }
  return predictions;
}

}  // namespace aludel::text
