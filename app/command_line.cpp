#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "app/command.h"
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <stdio_ext.h>

#include "aludel/base/check.h"

namespace aludel::app {
namespace {

/// Where set_field() says that an error is.
constexpr std::string_view kSetPlace = "[config] --set: ";

std::string flag_name(std::string name) {
  std::ranges::replace(name, '_', '-');
  return "--" + name;
}

std::string default_text(const Json& defaults, const std::string& path) {
  const Json* value = &defaults;
  for (std::size_t begin = 0; value != nullptr && begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    value = value->find(path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (value == nullptr || value->is_null()) return "";
  const std::string text = value->is_string() ? value->as_string() : value->dump();
  return text.empty() || text == "[]" || text == "{}" || text == "false" ? "" : " [" + text + "]";
}

/// CLI11's help page, with both names of a switch and no marks of its own: `--strict, --no-strict`.
class HelpPage final : public CLI::Formatter {
 public:
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const std::string names = Formatter::make_option_name(option, is_positional);
    return CLI::detail::find_and_replace(CLI::detail::find_and_replace(names, "{false}", ""), ",",
                                         ", ");
  }
};

/// Says which flag was not understood, and the nearest one there is.
std::string unknown_flags(const CLI::App& parser) {
  std::vector<std::string> known;
  for (const CLI::Option* option : parser.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      known.push_back("--" + name);
    }
  }
  std::string out;
  for (const std::string& word : parser.remaining()) {
    const std::string flag = word.substr(0, word.find('='));
    if (!flag.starts_with("--")) continue;
    const std::string nearest = nearest_name(flag, known);
    out += fmt::format("{}no flag '{}'", out.empty() ? "" : "; ", flag);
    std::string name = flag.substr(2);
    std::ranges::replace(name, '-', '_');
    if (asks_for_a_device(name)) {
      out += fmt::format(": {}", kCpuOnly);
    } else if (flag == "--quiet") {
      out += ": it goes before the command, aludel --quiet COMMAND";
    } else if (!nearest.empty()) {
      out += fmt::format(", did you mean '{}'?", nearest);
    }
  }
  return out;
}

/// Adds the fields of one level to a CLI11 parser; each option calls set_field.
class OptionBuilder {
 public:
  OptionBuilder(CLI::App& parser, const Fields& root, std::vector<std::string> positional)
      : parser_(parser),
        root_(root),
        positional_(std::move(positional)),
        defaults_(dump_config(root)) {
    for (const std::string& name : positional_) {
      add(*std::ranges::find(root.all(), name, &Field::name), "");
    }
    for (const Field& field : root.all()) {
      if (!is_positional(field.name)) add(field, "");
    }
  }

 private:
  bool is_positional(const std::string& name) const {
    return std::ranges::find(positional_, name) != positional_.end();
  }

  void add(const Field& field, const std::string& prefix) {
    const std::string path = prefix + field.name;
    if (const auto* section = std::get_if<std::vector<Field>>(&field.target)) {
      for (const Field& inner : *section) {
        add(inner, path + ".");
      }
      return;
    }
    const std::string allowed = allowed_text(field);
    const std::string help =
        field.help + (allowed.empty() ? "" : "; takes " + allowed) + default_text(defaults_, path);
    const std::string name = prefix.empty() && is_positional(path) ? path : flag_name(path);
    const auto set = [this, path, name](const std::string& text) {
      const Status status = set_field(root_, path, text);
      if (status) return;
      std::string message = status.error().message;
      if (message.starts_with(kSetPlace)) message.erase(0, kSetPlace.size());  // the flag is it
      throw_validation(name, message);
    };
    if (std::holds_alternative<bool*>(field.target)) {
      parser_.add_flag_function(
          flag_name(path) + ",!" + flag_name("no_" + path),
          [set](std::int64_t count) { set(count > 0 ? "true" : "false"); }, help);
      return;
    }
    if (auto* const* list = std::get_if<std::vector<std::string>*>(&field.target)) {
      parser_.add_option(name, **list, help)->type_name("TEXT");
    } else if (!std::holds_alternative<FieldList>(field.target) &&
               !std::holds_alternative<Json*>(field.target)) {
      parser_.add_option_function<std::string>(name, set, help)->type_name("VALUE");
    }
  }

  [[noreturn]] static void throw_validation(const std::string& path, const std::string& message) {
    throw CLI::ValidationError(path, message);  // CLI11's way out of a callback
  }

  CLI::App& parser_;
  const Fields& root_;
  std::vector<std::string> positional_;
  Json defaults_;
};

}  // namespace

Result<Parsed> CommandLine::read(const Fields& fields, std::vector<std::string> positional) const {
  CLI::App parser(std::string(command.summary), "aludel " + std::string(command.name));
  parser.formatter(std::make_shared<HelpPage>());
  parser.footer("\n" + std::string(command.details));
  const OptionBuilder builder(parser, fields, std::move(positional));
  const auto refuse = [this](std::string_view what) {
    return Error{Code::invalid_argument,
                 fmt::format("{}\nSee: aludel help {}", what, command.name)};
  };
  std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
  try {
    parser.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    print(parser.help());
    return Parsed::help_shown;
  } catch (const CLI::ParseError& error) {
    const std::string unknown = unknown_flags(parser);
    return refuse(unknown.empty() ? error.what() : unknown);
  }
  // Lists of texts, and what must be given and was not.
  const Status status = check_config(fields, fmt::format("aludel {}", command.name));
  return status ? Result<Parsed>(Parsed::run) : refuse(status.error().message);
}

Status flush_results() {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::ferror(stdout) == 0) return Ok{};
  const int number = errno;
  __fpurge(stdout);  // else the next flush would try these bytes again, maybe elsewhere
  std::clearerr(stdout);
  return Error{number == ENOSPC || number == EDQUOT ? Code::resource_exhausted : Code::io_error,
               fmt::format("cannot write the result to stdout: {}",
                           number == 0 ? "a write failed; is the disk full?"
                                       : std::generic_category().message(number))};
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (!text.ends_with('\n')) std::fputc('\n', stdout);
}

}  // namespace aludel::app
