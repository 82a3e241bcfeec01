#pragma once

#include <string_view>

namespace aludel::safety {

/// Whether the local part of an e-mail address, in small letters, names a role, a desk or a program
/// and no person: "webmaster", "redaktion", "press.office".
bool is_role_name(std::string_view local);

}  // namespace aludel::safety
