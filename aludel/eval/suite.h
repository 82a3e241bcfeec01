#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/infer/model_folder.h"
#include "aludel/io/file_system.h"

namespace aludel::eval {

/// What a suite measures, and on what. REQUIRES: the model has its tokenizer.
struct SuiteInput {
  infer::LoadedModel& model;
  io::FileSystem& files;
  std::string data;  // a path whose meaning the suite's summary tells
};

/// One evaluation suite: `suite_x` in suites/x.cpp. The result is one JSON object.
struct SuiteSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  Result<Json> (*run)(const SuiteInput& input);
};

/// Generated from suites/, sorted by name.
std::span<const SuiteSpec* const> all_suites();

}  // namespace aludel::eval
