#include "aludel/train/train_log.h"

#include <algorithm>

#include "aludel/base/log.h"

namespace aludel::train {

Result<TrainLog> TrainLog::open(io::FileSystem& files, const std::string& path,
                                std::int64_t last_step) {
  TrainLog log(path);
  auto bytes = io::read_file(files, path);
  if (!bytes && bytes.error().code == Code::not_found) return log;
  const std::string text = ALUDEL_TRY(std::move(bytes));
  std::size_t damaged = 0;
  std::size_t first_damaged = 0;
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const auto row = parse_json(std::string_view(text).substr(begin, end - begin));
    if (!row || row.value().integer_or("step", -1) < 0) {
      if (damaged++ == 0) first_damaged = number;
    } else if (row.value().integer_or("step", 0) <= last_step) {
      log.add(row.value());
    }
    begin = end + 1;
  }
  if (damaged > 0) {
    log_warning(
        "{}:{}: [train] cut off or damaged, so the log loses {} of its lines; training goes on, "
        "which needs the checkpoint alone",
        path, first_damaged, damaged);
  }
  return log;
}

}  // namespace aludel::train
