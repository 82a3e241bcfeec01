#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/text/language/fasttext_dictionary.h"
#include "aludel/text/language/fasttext_matrix.h"

// Supervised models of fastText, for language identification first; docs/formats/fasttext.md.
namespace aludel::text {

struct FastTextPrediction {
  std::string_view label;  // without "__label__"; lives as long as the model
  float probability = 0;   // 0 to 1, save for rounding: fastText adds 1e-5 before each logarithm
};

/// A supervised classifier read from a .bin or .ftz file. Concurrent calls: yes.
/// Source: Joulin et al. 2017, arXiv:1607.01759; 2016, arXiv:1612.03651 (quantised).
class FastTextModel {
 public:
  enum class Loss : std::int32_t {
    hierarchical_softmax = 1,
    negative_sampling = 2,
    softmax = 3,
    one_vs_all = 4
  };

  /// A node of the hierarchical softmax's tree; the leaves, one a label, come first.
  struct Node {
    std::int32_t left = -1;  // -1 both in a leaf
    std::int32_t right = -1;
  };

  /// Reads a whole model file. Sizes are checked before anything is reserved.
  /// Errors: corrupt_data; unsupported for a version or kind of model that is not known.
  static Result<FastTextModel> from_bytes(std::string_view bytes);

  /// The `count` most probable labels of a text, best first, equal to those of fastText on the text
  /// in one line; fewer where the model has fewer, none where no word of the text says anything.
  std::vector<FastTextPrediction> predict(std::string_view text, std::size_t count) const;

  std::span<const std::string> labels() const { return dictionary_.labels(); }

 private:
  using Scored = std::pair<float, std::int32_t>;  // log probability, label

  FastTextModel(FastTextDictionary dictionary, FastTextMatrix input, FastTextMatrix output,
                Loss loss, std::vector<Node> tree)
      : dictionary_(std::move(dictionary)),
        input_(std::move(input)),
        output_(std::move(output)),
        loss_(loss),
        tree_(std::move(tree)) {}

  std::vector<float> hidden_of(std::string_view text) const;
  std::vector<float> probabilities(std::span<const float> hidden) const;
  void search_tree(std::int32_t node, float score, std::span<const float> hidden, std::size_t count,
                   std::vector<Scored>& best) const;

  FastTextDictionary dictionary_;
  FastTextMatrix input_;
  FastTextMatrix output_;
  Loss loss_;
  std::vector<Node> tree_;  // the root is the last
};

}  // namespace aludel::text
