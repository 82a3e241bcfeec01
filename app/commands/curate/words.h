#pragma once

#include "app/command.h"

#include "aludel/base/result.h"

// What the words of a command that makes a run may not say, whatever their values are.
namespace aludel::app {

/// Refuses a flag that chooses what to do and has an empty value: `--in ""` would be read as no
/// --in at all. Errors: invalid_argument with what the flag takes.
Status check_said(const CommandLine& line);

/// Refuses flags of `curate` that became actions of `corpus`. Errors: invalid_argument with the
/// action.
Status check_moved(const CommandLine& line);

}  // namespace aludel::app
