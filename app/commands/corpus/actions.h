#pragma once

#include "app/command.h"

// The actions of `aludel corpus`, one file each. All of them read finished runs of `aludel curate`.
namespace aludel::app {

extern const Action corpus_explain;
extern const Action corpus_redecide;
extern const Action corpus_recover;
extern const Action corpus_forget;
extern const Action corpus_forecast;

}  // namespace aludel::app
