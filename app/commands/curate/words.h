#pragma once

#include "app/command.h"

#include "aludel/base/result.h"

// What the words of `aludel curate` may not say, whatever their values are.
namespace aludel::app {

/// Refuses a flag that chooses what to do and has an empty value: `--recover ""` would be read as
/// no
/// --recover at all. Errors: invalid_argument with what the flag takes.
Status check_said(const CommandLine& line);

/// Refuses flags that --forget does not look at: it changes a finished run where it lies.
Status check_forget(const CommandLine& line);

}  // namespace aludel::app
