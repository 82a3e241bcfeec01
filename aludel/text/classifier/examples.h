#pragma once

// Labelled texts from JSONL files.

#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::text {

/// Where a row of a file keeps its text and label; "metadata.topics" reaches into objects.
struct ExampleSettings {
  std::string text_field = "text";
  std::string label_field = "label";
  std::string label_separator;

  template <class V>
  void visit(V& v) {
    v("text_field", text_field, "where a row has its text");
    v("label_field", label_field, "where a row has its label; a.b is b in the object a");
    v("label_separator", label_separator, "text between the labels of a row that may have several");
  }
};

struct Example {
  std::string text;
  std::vector<std::string> labels;
};

/// The rows of the files; numbers and booleans are labels as JSON writes them.
/// Errors: those of reading; invalid_argument for a row without text or label, with its place.
Result<std::vector<Example>> read_examples(io::FileSystem& files,
                                           const std::vector<std::string>& paths,
                                           const ExampleSettings& settings);

/// One labelled text for each label of each example; the views are of `examples`.
std::vector<LabelledText> labelled_texts(const std::vector<Example>& examples);

/// How well a model does on examples it has not seen.
struct ClassifierScore {
  double accuracy = 0;                   // the best label is one of the row's
  std::vector<double> area_under_curve;  // of each of the model's labels against all others
  // Of each label, where a text counts as of it from the threshold on; NaN, which is `null` in
  // JSON, where nothing was called so, or nothing is so.
  std::vector<double> precision;
  std::vector<double> recall;
};

/// `threshold` is a probability.
ClassifierScore measure(const Classifier& model, const std::vector<Example>& examples,
                        double threshold = 0.5);

}  // namespace aludel::text
