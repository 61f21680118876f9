#pragma once

#include <string>
#include <string_view>

namespace semantrix::cli {

/// A file that appears whole or not at all: written beside its path, synced, renamed by `commit`.
/// Without `commit` the path keeps what it had. What is no regular file (a pipe, /dev/null) is
/// written directly. Errors are thrown as `CacheError(io_error)`.
class FileWriter {
 public:
  explicit FileWriter(const std::string& path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  void flush();
  void open_beside(int mode);

  std::string path_;       // symbolic links resolved, so that a link stays one
  std::string name_;       // for messages
  std::string temporary_;  // empty: written directly
  std::string buffer_;
  int descriptor_ = -1;
};

}  // namespace semantrix::cli
