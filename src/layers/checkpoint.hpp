#pragma once

#include <semantrix/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::layers {

/// The keys that an interrupted migration has copied, in a file: a line that says whose it is, then
/// eight bytes a key. Each batch is appended with one write, so that a killed process loses no more
/// than a batch, which is copied again. Not thread-safe.
class Checkpoint {
 public:
  /// An empty path: remembers nothing. Errors: `io_error`; `invalid_argument` for a file that is
  /// another migration's, or none at all.
  static Result<Checkpoint> open(const std::string& path, std::string_view identity);

  Checkpoint(Checkpoint&& other) noexcept;
  Checkpoint& operator=(Checkpoint&&) = delete;
  ~Checkpoint();

  /// Whether an earlier run copied it.
  [[nodiscard]] bool has(std::string_view key) const;
  void remember(std::string_view key);
  /// Writes what was remembered since.
  Result<void> save();
  /// All is copied: removes the file.
  void finish() noexcept;

 private:
  Checkpoint() = default;
  Result<void> read(std::string_view header);

  std::string path_;
  int descriptor_ = -1;
  std::vector<std::uint64_t> copied_;  // by earlier runs, sorted
  std::string unsaved_;
};

}  // namespace semantrix::layers
