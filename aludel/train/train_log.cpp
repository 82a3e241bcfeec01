#include "aludel/train/train_log.h"

#include <algorithm>

namespace aludel::train {

Result<TrainLog> TrainLog::open(io::FileSystem& files, const std::string& path,
                                std::int64_t last_step) {
  TrainLog log(path);
  auto bytes = io::read_file(files, path);
  if (!bytes && bytes.error().code == Code::not_found) return log;
  const std::string text = ALUDEL_TRY(std::move(bytes));
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const Json row = ALUDEL_TRY(parse_json(std::string_view(text).substr(begin, end - begin)));
    if (row.integer_or("step", 0) <= last_step) log.add(row);
    begin = end + 1;
  }
  return log;
}

}  // namespace aludel::train
