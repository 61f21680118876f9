#include "memory/engine.hpp"
#include "memory/snapshot.hpp"
#include "memory/snapshot_format.hpp"
#include "memory/snapshot_writer.hpp"

#include <algorithm>
#include <queue>
#include <vector>

namespace semantrix::memory {

namespace {

namespace format = snapshot_format;

/// The records of one shard, the hottest last; those before `left` are still to be written.
struct Run {
  std::size_t begin;
  std::size_t left;
  std::size_t end;

  // Where in its shard's order the hottest record left stands, between 0 and 1.
  [[nodiscard]] double heat() const noexcept {
    return (static_cast<double>(left - begin) - 0.5) / static_cast<double>(end - begin);
  }
  friend bool operator<(const Run& one, const Run& other) noexcept {
    return one.heat() < other.heat();
  }
};

class Saver {
 public:
  Saver(Engine& engine, SnapshotWriter& file)
      : engine_(&engine),
        file_(&file),
        wall_ms_(std::max<std::int64_t>(0, engine.time().wall_ms())),
        steady_ms_(engine.time().steady_ms()) {}

  void put_head(std::size_t entries) {
    file_->put(format::magic);
    file_->put_number(format::newest_version);
    file_->put_number(static_cast<std::uint64_t>(wall_ms_));
    file_->put_sized(to_string(engine_->options().eviction_policy));
    file_->put_number(entries);
    // Read after the records were collected: what compressed them is there by now.
    const Dictionary* dictionary = engine_->codec().dictionary();
    file_->put_sized(dictionary != nullptr ? dictionary->bytes() : std::string_view());
  }

  void put_entry(const Engine::Collected& item) {
    const Record& record = *item.record;
    const std::int64_t deadline = record.deadline();
    file_->put_number(
        (record.compressed() ? format::compressed : 0) | (record.binary() ? format::binary : 0) |
        (deadline != 0 ? format::expires : 0) | (record.tagged() ? format::tagged : 0));
    file_->put_number(item.rank);
    if (deadline != 0) {
      file_->put_number(
          static_cast<std::uint64_t>(wall_ms_ + std::max<std::int64_t>(0, deadline - steady_ms_)));
    }
    file_->put_sized(record.key());
    if (record.tagged()) {
      const std::vector<std::string> tags = record.tags();
      file_->put_number(tags.size());
      for (const std::string& tag : tags) file_->put_sized(tag);
    }
    file_->put_sized(record.stored());
  }

 private:
  Engine* engine_;
  SnapshotWriter* file_;
  std::int64_t wall_ms_;
  std::int64_t steady_ms_;
};

// Keys spread over shards at random, differently in each process, so a record's standing in the
// whole cache is about what it is in its shard.
void put_hottest_first(Engine& engine, Engine::Collection& all, Saver saver) {
  std::priority_queue<Run> runs;
  for (std::size_t shard = 0; shard < engine.shard_count(); ++shard) {
    const std::size_t begin = all.items.size();
    engine.collect(shard, all.items);
    if (all.items.size() > begin) runs.push({begin, all.items.size(), all.items.size()});
  }
  saver.put_head(all.items.size());
  while (!runs.empty()) {
    Run run = runs.top();
    runs.pop();
    saver.put_entry(all.items[--run.left]);
    if (run.left > run.begin) runs.push(run);
  }
}

}  // namespace

Result<std::size_t> save_snapshot(Engine& engine, const std::string& path) {
  SnapshotWriter file(path);
  Engine::Collection all;
  put_hottest_first(engine, all, Saver(engine, file));
  if (auto written = file.commit(); !written) return written.error();
  return all.items.size();
}

}  // namespace semantrix::memory
