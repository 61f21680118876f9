#pragma once

#include <semantrix/error.hpp>
#include <semantrix/memory_cache.hpp>

#include <cstddef>
#include <string>

namespace semantrix::memory {

class Engine;

/// See `MemoryCache::save_snapshot` and `load_snapshot`; the format is
/// docs/design/stored_format.md.
[[nodiscard]] Result<std::size_t> save_snapshot(Engine& engine, const std::string& path);
[[nodiscard]] Result<SnapshotReport> load_snapshot(Engine& engine, const std::string& path);

}  // namespace semantrix::memory
