#pragma once

#include <string>

namespace aludel::app {

/// The GNU build id that the linker wrote into this program, in hexadecimal: equal for equal code.
/// Empty when the linker wrote none. Source: the ELF note NT_GNU_BUILD_ID, elf(5).
std::string build_id();

}  // namespace aludel::app
