#pragma once

// The files of the cascade's own models in a models folder.

#include <string>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::curate {

inline constexpr std::string_view kQualityModel = "quality.classifier";
inline constexpr std::string_view kTopicModel = "topic.classifier";
inline constexpr std::string_view kSafetyModel = "safety.classifier";
inline constexpr std::string_view kGoodLabel = "good";
inline constexpr std::string_view kBadLabel = "bad";

/// Returns the file name of a language's n-gram model: "lm.en.ngram".
std::string lm_file_name(std::string_view language);

/// Reads a classifier for a layer.
/// Errors: not_found with what to do about it, corrupt_data.
Result<text::Classifier> load_classifier(io::FileSystem& files, const std::string& models_folder,
                                         std::string_view name, std::string_view layer);

}  // namespace aludel::curate
