#include "aludel/text/classifier/examples.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "aludel/io/formats/jsonl.h"

namespace aludel::text {
namespace {

const Json* find_path(const Json& row, std::string_view path) {
  const Json* value = &row;
  for (std::size_t at = 0; value != nullptr && at <= path.size();) {
    const std::size_t end = std::min(path.find('.', at), path.size());
    value = value->find(path.substr(at, end - at));
    at = end + 1;
  }
  return value;
}

std::vector<std::string> split_labels(const std::string& text, const std::string& separator) {
  if (separator.empty()) return {text};
  std::vector<std::string> labels;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) labels.push_back(text.substr(at, end - at));
    at = end + separator.size();
  }
  return labels;
}

}  // namespace

Result<std::vector<Example>> read_examples(io::FileSystem& files,
                                           const std::vector<std::string>& paths,
                                           const ExampleSettings& settings) {
  std::vector<Example> examples;
  for (const std::string& path : paths) {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      const Json* text = find_path(row, settings.text_field);
      const Json* label = find_path(row, settings.label_field);
      if (text == nullptr || !text->is_string() || label == nullptr || label->is_null()) {
        return Error{
            Code::invalid_argument,
            fmt::format("[classifier] {}, line {}: no text in '{}' or no label in '{}'", path,
                        reader.line_number(), settings.text_field, settings.label_field)};
      }
      examples.push_back(
          {text->as_string(), split_labels(label->is_string() ? label->as_string() : label->dump(),
                                           settings.label_separator)});
    }
  }
  return examples;
}

std::vector<LabelledText> labelled_texts(const std::vector<Example>& examples) {
  std::vector<LabelledText> all;
  for (const Example& example : examples) {
    for (const std::string& label : example.labels) {
      all.push_back({example.text, label});
    }
  }
  return all;
}

namespace {

/// Precision and recall of one label at a threshold.
void add_decisions(const std::vector<double>& scores, const std::vector<bool>& positive,
                   double threshold, ClassifierScore& result) {
  double hits = 0;
  double called = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] < threshold) continue;
    called += 1;
    if (positive[i]) hits += 1;
  }
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  const auto positives = static_cast<double>(std::ranges::count(positive, true));
  result.precision.push_back(called > 0 ? hits / called : kNothing);
  result.recall.push_back(positives > 0 ? hits / positives : kNothing);
}

}  // namespace

ClassifierScore measure(const Classifier& model, const std::vector<Example>& examples,
                        double threshold) {
  const std::size_t labels = model.labels().size();
  std::vector<std::vector<double>> scores(labels);
  std::vector<std::vector<bool>> positive(labels);
  double right = 0;
  for (const Example& example : examples) {
    const std::vector<float> p = model.predict(example.text);
    const auto best = static_cast<std::size_t>(std::ranges::max_element(p) - p.begin());
    for (std::size_t label = 0; label < labels; ++label) {
      scores[label].push_back(p[label]);
      positive[label].push_back(std::ranges::find(example.labels, model.labels()[label]) !=
                                example.labels.end());
    }
    if (positive[best].back()) right += 1;
  }
  ClassifierScore result;
  result.accuracy = examples.empty() ? 0 : right / static_cast<double>(examples.size());
  for (std::size_t label = 0; label < labels; ++label) {
    result.area_under_curve.push_back(area_under_curve(scores[label], positive[label]));
    add_decisions(scores[label], positive[label], threshold, result);
  }
  return result;
}

}  // namespace aludel::text
