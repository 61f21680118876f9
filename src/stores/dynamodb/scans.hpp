#pragma once

#include "base/glob.hpp"
#include "stores/dynamodb/core.hpp"
#include <semantrix/cache_store.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Verbs that read the whole table, and pay for it: a scan is charged for all it passes over,
/// whatever the filter lets through.
namespace semantrix::dynamodb {

/// The table's items in pages, by a few scans side by side.
class Scan {
 public:
  struct Options {
    bool live_only = true;  ///< Leaves out what has expired, and parts of large values.
    bool count_only = false;
  };
  Scan(SharedCore core, std::string prefix, Options options);

  [[nodiscard]] bool ended() const noexcept;
  /// One page of each part of the table that has one left; may be empty before the end.
  [[nodiscard]] awaitable<Result<std::vector<Scanned>>> next();

 private:
  /// Of the table. More would be charged more for tables of a page or less.
  static constexpr std::uint32_t segments = 4;
  struct Segment {
    std::string after;
    bool ended = false;
    Scanned page;
    std::optional<Error> failure;
  };
  awaitable<void> read_page(std::uint32_t number);

  SharedCore core_;
  std::string prefix_;
  Options options_;
  std::array<Segment, segments> segments_;
};

/// The store's keys that match a glob, each once.
class KeyPages final : public KeyStream {
 public:
  KeyPages(SharedCore core, const std::string& match);
  awaitable<Result<Page>> do_next() override;

 private:
  [[nodiscard]] Page take(const std::vector<Item>& items) const;

  SharedCore core_;
  Glob glob_;
  Scan scan_;
};

[[nodiscard]] awaitable<Result<std::size_t>> count_entries(SharedCore core);
/// The service's own figure, some hours old.
[[nodiscard]] awaitable<Result<std::size_t>> approximate_count(SharedCore core);
/// Removes every item under the prefix, parts of large values included; how many live entries.
[[nodiscard]] awaitable<Result<std::size_t>> clear_entries(SharedCore core);

}  // namespace semantrix::dynamodb
