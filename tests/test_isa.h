#pragma once

#include <cstdlib>
#include <optional>

#include "aludel/base/isa.h"
#include "aludel/tensor/gemm.h"

namespace aludel {

/// What ALUDEL_ISA asks for, or the best of this CPU, with Highway and oneDNN kept at it; nothing
/// where the CPU lacks it: the test then says GTEST_SKIP() << "this CPU lacks ALUDEL_ISA".
inline std::optional<Isa> test_isa() {
  static const std::optional<Isa> kChosen = []() -> std::optional<Isa> {
    const char* forced = std::getenv("ALUDEL_ISA");
    const auto isa = choose_isa(forced == nullptr ? "" : forced);
    if (!isa) return std::nullopt;
    limit_libraries(isa.value());
    tensor::limit_onednn(isa.value());
    return isa.value();
  }();
  return kChosen;
}

}  // namespace aludel
