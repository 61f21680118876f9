// Loads arbitrary bytes as a snapshot, as they are and under a right checksum, which no fuzzer
// would guess. What loads keeps the cache's bounds and survives a round trip; what fails leaves it
// empty.

#include "base/hash.hpp"
#include "base/varint.hpp"
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace semantrix;

constexpr std::size_t max_size = 8;
constexpr std::size_t max_bytes = 4096;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A folder that goes away with the process.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fuzz_XXXXXX").string();
    require(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

const Folder& folder() {
  static const Folder only;
  return only;
}

MemoryOptions options() {
  static const auto clock = std::make_shared<testing::FakeClock>();
  MemoryOptions made;
  made.max_size = max_size;
  made.max_bytes = max_bytes;
  made.eviction_policy = EvictionPolicy::lfu;
  made.clock = clock;
  return made;
}

void round_trip(const MemoryCache& cache) {
  const std::string path = folder().file("again");
  require(cache.save_snapshot(path).value() == cache.size());
  MemoryCache again(options());
  require(again.load_snapshot(path).value().loaded == cache.size());
  require(again.keys() == cache.keys());
  require(again.bytes() == cache.bytes());
}

bool is_sealed(std::string_view bytes) {
  if (bytes.size() < 8) return false;
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  return checksum(body) == read_fixed64(bytes.substr(body.size()));
}

void load(std::string_view bytes) {
  const std::string path = folder().file("input");
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  MemoryCache cache(options());
  const auto report = cache.load_snapshot(path);
  if (!report) {
    const ErrorCode code = report.error().code();
    require(code == ErrorCode::corrupt || code == ErrorCode::unsupported_version);
    require(cache.size() == 0);
    return;
  }
  require(is_sealed(bytes));
  require(report->loaded == cache.size());
  require(cache.size() <= max_size && cache.bytes() <= max_bytes);
  round_trip(cache);
}

void load_sealed(std::string_view bytes) {
  std::string sealed = "\xF5SMXSNAP\x01";
  sealed += bytes;
  append_fixed64(sealed, checksum(sealed));
  load(sealed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  load(bytes);
  load_sealed(bytes);
  return 0;
}
