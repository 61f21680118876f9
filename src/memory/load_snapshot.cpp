#include "base/compression.hpp"
#include "base/duration.hpp"
#include "base/varint.hpp"
#include "memory/engine.hpp"
#include "memory/snapshot.hpp"
#include "memory/snapshot_format.hpp"
#include "memory/snapshot_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace semantrix::memory {

namespace {

namespace format = snapshot_format;

constexpr std::uint64_t most_bytes = std::numeric_limits<std::uint32_t>::max();

/// Reads what lies between a snapshot's version and its checksum. Nothing reaches the cache before
/// all of it has been read; of the entries, only those are held that will find room.
class Loader {
 public:
  Loader(Engine& engine, SnapshotReader& file);

  /// False: the bytes are malformed, or could not be read.
  [[nodiscard]] bool read();
  /// Puts the entries into the cache, the coldest first.
  SnapshotReport restore();

 private:
  struct Entry {
    std::uint64_t flags;
    std::uint32_t rank;
    std::int64_t deadline;  ///< Steady; 0: none.
    bool expired;
  };

  [[nodiscard]] bool read_head();
  [[nodiscard]] bool read_dictionary();
  [[nodiscard]] bool read_entry();
  [[nodiscard]] bool read_deadline(Entry& entry);
  [[nodiscard]] bool read_tags();
  [[nodiscard]] bool read_value(const Entry& entry);
  [[nodiscard]] Record* make_record(const Entry& entry, std::string_view stored);
  void keep(const Entry& entry, Record* record);

  Engine& engine_;
  SnapshotReader& file_;
  std::int64_t wall_ms_;
  std::int64_t steady_ms_;
  Budget::Amount room_;
  std::uint64_t entries_ = 0;
  bool same_policy_ = false;
  std::shared_ptr<const Dictionary> dictionary_;
  bool encode_anew_ = false;  ///< The cache has another dictionary than the file.
  std::string key_;
  std::vector<std::string> tags_;
  std::vector<std::string_view> tag_views_;
  Engine::Collection kept_;
  SnapshotReport report_;
};

Loader::Loader(Engine& engine, SnapshotReader& file)
    : engine_(engine),
      file_(file),
      wall_ms_(engine.time().wall_ms()),
      steady_ms_(engine.time().steady_ms()) {
  const std::size_t entries = engine.size();
  const Budget& budget = engine.budget();
  room_.entries = budget.max_entries() - std::min(entries, budget.max_entries());
  room_.bytes = budget.max_bytes();
  if (budget.counts_bytes()) {
    room_.bytes -= std::min<std::size_t>(engine.stats().bytes, budget.max_bytes());
  }
}

bool Loader::read() {
  if (!read_head()) return false;
  for (; entries_ > 0; --entries_) {
    if (!read_entry()) return false;
  }
  return file_.left() == 0;
}

bool Loader::read_head() {
  if (!file_.number()) return false;  // when it was written
  const auto policy = file_.sized();
  if (!policy) return false;
  same_policy_ = *policy == to_string(engine_.options().eviction_policy);
  const auto entries = file_.number();
  if (!entries) return false;
  entries_ = *entries;
  return read_dictionary();
}

bool Loader::read_dictionary() {
  const auto bytes = file_.sized();
  if (!bytes) return false;
  if (bytes->empty()) return true;
  auto loaded = Dictionary::load(*bytes);
  if (!loaded) return false;
  dictionary_ = *std::move(loaded);
  encode_anew_ = !engine_.codec().adopt(dictionary_);
  return true;
}

bool Loader::read_entry() {
  const auto flags = file_.number();
  if (!flags || (*flags & ~format::all_flags) != 0) return false;
  const auto rank = file_.number();
  if (!rank || *rank > std::numeric_limits<std::uint32_t>::max()) return false;
  Entry entry{*flags, static_cast<std::uint32_t>(*rank), 0, false};
  if ((entry.flags & format::expires) != 0 && !read_deadline(entry)) return false;
  const auto key = file_.sized();
  if (!key || key->empty() || key->size() > most_bytes) return false;
  key_ = *key;
  tags_.clear();
  if ((entry.flags & format::tagged) != 0 && !read_tags()) return false;
  return read_value(entry);
}

bool Loader::read_deadline(Entry& entry) {
  const auto wall = file_.number();
  if (!wall || *wall > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return false;
  }
  const auto deadline = static_cast<std::int64_t>(*wall);
  entry.expired = deadline <= wall_ms_;
  // A clock that was set back must not make the rest longer than any ttl can be.
  entry.deadline =
      steady_ms_ + std::min<std::int64_t>(deadline - std::max<std::int64_t>(0, wall_ms_),
                                          longest_duration.count());
  return true;
}

bool Loader::read_tags() {
  const auto count = file_.number();
  if (!count || *count == 0) return false;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto tag = file_.sized();
    if (!tag) return false;
    total += sizeof(std::uint32_t) + tag->size();
    if (total > most_bytes) return false;
    tags_.emplace_back(*tag);
  }
  return true;
}

bool Loader::read_value(const Entry& entry) {
  const auto size = file_.number();
  if (!size || *size > most_bytes) return false;
  const auto value_size = static_cast<std::size_t>(*size);
  if (entry.expired) {
    ++report_.expired;
    return file_.skip(value_size);
  }
  if (room_.entries == 0 || Record::charge_of(key_.size(), value_size, 0) > room_.bytes) {
    ++report_.dropped;
    return file_.skip(value_size);
  }
  const auto stored = file_.bytes(value_size);
  if (!stored) return false;
  keep(entry, make_record(entry, *stored));
  return true;
}

// Null if the value cannot be read, or does not fit any more once it is compressed anew.
Record* Loader::make_record(const Entry& entry, std::string_view stored) {
  tag_views_.assign(tags_.begin(), tags_.end());
  const bool compressed = (entry.flags & format::compressed) != 0;
  const bool binary = (entry.flags & format::binary) != 0;
  Record* record = nullptr;
  if (compressed && encode_anew_) {
    const auto value = decompress(stored, dictionary_.get(), most_bytes);
    if (!value) return nullptr;
    const auto made = engine_.make_record(key_, *value, binary, {.tags = tag_views_});
    if (!made) return nullptr;
    record = *made;
  } else {
    record = Record::create({.key = key_,
                             .value = stored,
                             .compressed = compressed,
                             .binary = binary,
                             .tags = tag_views_});
  }
  record->set_deadline(entry.deadline);
  return record;
}

void Loader::keep(const Entry& entry, Record* record) {
  if (record == nullptr || record->charge() > room_.bytes) {
    if (record != nullptr) record->release();
    ++report_.dropped;
    return;
  }
  kept_.items.push_back({record, entry.rank});
  --room_.entries;
  if (engine_.budget().counts_bytes()) room_.bytes -= record->charge();
}

SnapshotReport Loader::restore() {
  while (!kept_.items.empty()) {
    const auto [record, rank] = kept_.items.back();
    kept_.items.pop_back();
    const bool restored =
        engine_.restore(record, same_policy_ ? std::optional(rank) : std::nullopt);
    ++(restored ? report_.loaded : report_.dropped);
  }
  return report_;
}

std::string reason_of(int error) { return std::generic_category().message(error); }

Error unreadable(const std::string& path, int error) {
  return Error(ErrorCode::io_error, "snapshot " + path + " cannot be read: " + reason_of(error));
}

Error set_aside(const std::string& path, const std::string& why) {
  const std::string aside = path + ".corrupt";
  const std::string damaged = "snapshot " + path + " is damaged (" + why + ")";
  if (std::rename(path.c_str(), aside.c_str()) == 0) {
    return Error(ErrorCode::corrupt, damaged + " and is kept as " + aside,
                 "the cache starts without it");
  }
  return Error(ErrorCode::corrupt,
               damaged + " and cannot be renamed to " + aside + ": " + reason_of(errno),
               "move it away, or the next one takes its place");
}

Error of_newer_version(const std::string& path, unsigned version) {
  return Error(ErrorCode::unsupported_version,
               "snapshot " + path + " has version " + std::to_string(version) +
                   ", this library reads up to " + std::to_string(format::newest_version),
               "use a newer library, or another path");
}

// Why the file is no whole snapshot; null if it is one, and the reader stands behind the version,
// or if a newer version wrote it, whose checksum may be another.
const char* fault_in(SnapshotReader& file, unsigned& version) {
  if (file.size() == 0) return "it is empty";
  file.seek(0, file.size());
  const auto magic = file.bytes(format::magic.size());
  if (!magic || *magic != format::magic) return "it does not begin as a snapshot does";
  const auto byte = file.bytes(1);
  if (!byte) return "it is cut short";
  version = static_cast<unsigned char>(byte->front());
  if (version == 0) return "its version is 0";
  if (version > format::newest_version) return nullptr;
  if (file.size() < format::head_bytes + format::checksum_bytes) return "it is cut short";
  const std::uint64_t body = file.size() - format::checksum_bytes;
  file.seek(body, file.size());
  const auto trailer = file.bytes(format::checksum_bytes);
  if (!trailer) return "it is cut short";
  const std::uint64_t expected = read_fixed64(*trailer);
  file.seek(0, body);
  if (file.checksum() != expected) return "its checksum differs";
  file.seek(format::head_bytes, body);
  return nullptr;
}

}  // namespace

Result<SnapshotReport> load_snapshot(Engine& engine, const std::string& path) {
  auto file = SnapshotReader::open(path);
  if (!file) return file.error();
  if (file->missing()) return SnapshotReport{};
  unsigned version = 0;
  const char* fault = fault_in(*file, version);
  if (fault == nullptr && version > format::newest_version) return of_newer_version(path, version);
  Loader loader(engine, *file);
  if (fault == nullptr && !loader.read()) fault = "its checksum is right, but its entries are not";
  if (file->error() != 0) return unreadable(path, file->error());
  if (fault != nullptr) return set_aside(path, fault);
  return loader.restore();
}

}  // namespace semantrix::memory
