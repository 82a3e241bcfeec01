#pragma once

#include <string>
#include <vector>

#include "aludel/base/isa.h"
#include "aludel/base/json.h"
#include "aludel/base/result.h"

namespace aludel::app {

/// One command of a recipe. In its strings, {run} is the run folder, {recipe} the folder
/// of the recipe file, {config} the file that `config` is written to, {threads} the thread count.
struct Step {
  std::string name;
  std::string what;
  std::vector<std::string> command;
  std::string result;
  std::vector<std::string> outputs;
  Json config;
  Json each;

  template <class V>
  void visit(V& v) {
    v("name", name, "short name of a-z, 0-9 and _, for --from and --to");
    v("what", what, "one sentence for the reader of the log");
    v("command", command, "an aludel command and its words");
    v("result", result, "file that gets what the command writes to stdout");
    v("outputs", outputs,
      "what the step leaves, beside `result` and --out; removed before it runs anew");
    v("config", config, "table written to the file {config}");
    v("each", each,
      "lists by name: one step for each combination, with {name} filled in everywhere");
  }
};

/// A pipeline as data: aludel commands in order. Read from recipes/*.toml.
struct Recipe {
  std::string name;
  std::string about;
  std::vector<std::string> closing;
  std::vector<Step> steps;
  std::string folder;

  template <class V>
  void visit(V& v) {
    v("name", name, "name of the run; its folder is runs/NAME");
    v("about", about, "what the recipe makes");
    v("closing", closing, "lines printed when everything is done");
    v("steps", steps, "commands in order");
  }
};

/// A step with `each` comes back as the steps that it stands for, in order of its lists' names, the
/// values of the last turning fastest.
/// Errors: not_found; invalid_argument with file and line for what is not a recipe.
Result<Recipe> load_recipe(const std::string& path);

struct RecipeRun {
  std::string run_folder;
  std::string from;  // run this step anew, and those after it; empty: what is not done
  std::string to;    // stop after this step; empty: the last
  int threads = 0;
  Isa isa = Isa::scalar;
};

/// Runs the steps that are not done yet. A step is done when its marker in RUN/steps holds the
/// fingerprint of its words, its config, the recipe's own files it reads, and of all steps before
/// it, and when the files it left are there; so a killed run goes on where it was, and a changed
/// recipe runs again from the change.
/// Errors: what a step returns, with the step's name; io_error when another process runs there.
Status run_recipe(const Recipe& recipe, const RecipeRun& run);

using Values = std::vector<std::pair<std::string, std::string>>;

/// `text` with each "{name}" of `values` filled in.
std::string fill_in(std::string text, const Values& values);

/// The same for every string in `value`.
Json fill_in_strings(const Json& value, const Values& values);

}  // namespace aludel::app
