#pragma once

#include <memory>
#include <string>

#include "aludel/io/forwarding_file_system.h"
#include "aludel/io/remote/s3_client.h"

namespace aludel::io {

/// Sends each path to the place that its scheme names: http:// and https:// to web servers, s3://
/// to an object store, everything else to this machine's disk. Concurrent calls: yes.
class SchemeFileSystem final : public ForwardingFileSystem {
 public:
  explicit SchemeFileSystem(S3Config s3 = s3_config_from_environment(),
                            const HttpPatience& patience = http_patience_from_environment());
  ~SchemeFileSystem() override;
  SchemeFileSystem(const SchemeFileSystem&) = delete;
  SchemeFileSystem& operator=(const SchemeFileSystem&) = delete;

 private:
  struct Places;

  FileSystem& behind(const std::string& path) override;

  std::unique_ptr<Places> places_;
};

}  // namespace aludel::io
