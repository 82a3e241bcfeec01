#include "app/text_rows.h"

#include <cstdint>

#include "app/command.h"

#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/io/formats/jsonl.h"

namespace aludel::app {

Status print_text_rows(io::FileSystem& files, const std::vector<std::string>& paths,
                       const TextField& field, const FillRow& fill) {
  for (const std::string& path : paths) {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
    std::uint64_t without_text = 0;
    Json record;
    while (ALUDEL_TRY(reader.next_sound(record))) {
      if (stop_requested()) {
        return Error{Code::cancelled, fmt::format("[{}] stopped", field.command)};
      }
      const Json* text = record.find(field.name);
      const bool has_text = text != nullptr && text->is_string();
      if (!has_text) ++without_text;
      Json row = Json::object();
      if (const Json* id = record.find("id"); id != nullptr) row["id"] = *id;
      fill(has_text ? std::string_view(text->as_string()) : "", row);
      print(row.dump());
    }
    if (without_text == 0) continue;
    log_warning("[{}] {}: {} records without a text in '{}' ({})", field.command,
                io::file_name_of(path), without_text, field.name, field.flag);
  }
  return Ok{};
}

}  // namespace aludel::app
