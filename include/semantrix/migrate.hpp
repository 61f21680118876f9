#pragma once

#include <semantrix/cache_store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace semantrix {

/// What becomes of a key that the destination has already.
enum class IfExists : std::uint8_t { overwrite, skip };

/// What a migration has done so far.
struct MigrateReport {
  std::uint64_t copied = 0;     ///< In the destination now; in a dry run: would be.
  std::uint64_t skipped = 0;    ///< Copied by an earlier run, or left alone by `IfExists::skip`.
  std::uint64_t expired = 0;    ///< Gone from the source between listing and reading.
  std::uint64_t failed = 0;     ///< Could not be read or stored; see `on_failure`.
  std::uint64_t untagged = 0;   ///< Of `copied`: without their tags, which the destination lacks.
  std::uint64_t verified = 0;   ///< Read again on both sides and found equal.
  std::uint64_t differing = 0;  ///< Missing there, another value, or a ttl more than 2 s off.
  bool stopped = false;         ///< `stop` said so.
};

struct MigrateOptions {
  /// Which keys, as `CacheStore::keys` takes it.
  std::string match = "*";
  IfExists if_exists = IfExists::overwrite;
  /// Lists and looks, but stores nothing.
  bool dry_run = false;
  /// Afterwards reads every entry on both sides and compares value and ttl.
  bool verify = false;
  /// Entries a second; 0 (the default): as fast as the stores go.
  double rate = 0;
  /// A file that remembers what is copied (8 bytes a key), so that a migration that was killed goes
  /// on where it was; removed when all is done. Default: none.
  std::string checkpoint = {};
  /// What the checkpoint belongs to: a file of another migration is refused. E.g. both URLs.
  std::string identity = {};
  /// Entries read, then stored, together; and how many such batches at once. Both at least 1. The
  /// product bounds the entries in memory.
  std::size_t batch_size = 64;
  std::size_t concurrency = 4;

  // -- Hooks: called one at a time, between batches; must not throw --

  std::function<void(const MigrateReport&)> on_progress = {};
  std::function<void(std::string_view key, const Error&)> on_failure = {};
  /// Whether to end early. The checkpoint stays.
  std::function<bool()> stop = {};
};

/// Copies the entries of one store into another, each with the ttl that remains of it and its tags.
/// The source is only read. What is added to it meanwhile may or may not be seen.
///
///     MigrateReport report = co_await migrate(*source, *destination, {.verify = true});
///
/// Streams: memory holds `batch_size * concurrency` entries, and 8 bytes a key with a checkpoint.
/// An entry that cannot be copied is counted and named, and the rest goes on; a store that is out
/// of reach, or refuses everything, ends it with `CacheError`, as do a checkpoint that is another
/// migration's (`invalid_argument`) or cannot be written (`io_error`). Ends early by `stop`, not by
/// cancellation. Both stores must outlive the call.
[[nodiscard]] awaitable<MigrateReport> migrate(CacheStore& source, CacheStore& destination,
                                               MigrateOptions options = {});

}  // namespace semantrix
