// A snapshot that cannot be read or written: nothing is loaded, nothing is lost, and the error says
// what became of the file.
#include "base/hash.hpp"
#include "base/varint.hpp"
#include <semantrix/memory_cache.hpp>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace semantrix {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream input(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), {}};
}

void write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class SnapshotDamage : public ::testing::Test {
 protected:
  SnapshotDamage() {
    std::string pattern = (fs::temp_directory_path() / "snapshot_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / "cache.snapshot";
    aside_ = folder_ / "cache.snapshot.corrupt";
    cache_.add("one", "1").value();
    cache_.add("two", "2", {.tags = tags_}).value();
    cache_.save_snapshot(path_).value();
    good_ = contents(path_);
  }
  ~SnapshotDamage() override { fs::remove_all(folder_); }

  /// Loads into an empty cache, which must stay empty.
  Error failure() {
    MemoryCache cache;
    auto report = cache.load_snapshot(path_);
    EXPECT_EQ(cache.size(), 0U);
    return report ? Error() : report.error();
  }

  void expect_set_aside(const std::string& bytes) {
    fs::remove(aside_);
    write(path_, bytes);
    const Error error = failure();
    EXPECT_EQ(error.code(), ErrorCode::corrupt) << error.to_string();
    EXPECT_NE(error.message().find(aside_.string()), std::string::npos) << error.to_string();
    EXPECT_FALSE(fs::exists(path_));
    EXPECT_EQ(contents(aside_), bytes);
  }

  void expect_left_alone(ErrorCode code) {
    const Error error = failure();
    EXPECT_EQ(error.code(), code) << error.to_string();
    EXPECT_NE(error.message().find(path_.string()), std::string::npos) << error.to_string();
    EXPECT_TRUE(fs::exists(path_));
    EXPECT_FALSE(fs::exists(aside_));
  }

  /// A body that a checksum vouches for.
  static std::string signed_file(std::string body) {
    append_fixed64(body, checksum(body));
    return body;
  }

  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  std::vector<std::string_view> tags_{"tag"};
  MemoryCache cache_;
  fs::path folder_;
  fs::path path_;
  fs::path aside_;
  std::string good_;
};

TEST_F(SnapshotDamage, CutAnywhere) {
  for (std::size_t size = 0; size < good_.size(); ++size) expect_set_aside(good_.substr(0, size));
}

// The version's own byte is another matter: see NewerVersion.
TEST_F(SnapshotDamage, AlteredAnywhere) {
  for (std::size_t at = 0; at < good_.size(); ++at) {
    if (at == 8) continue;
    std::string bytes = good_;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    expect_set_aside(bytes);
  }
}

TEST_F(SnapshotDamage, Garbage) {
  expect_set_aside("not a snapshot at all, but long enough to be one");
  expect_set_aside(good_ + "more");
  expect_set_aside("\xF5SMXSNAP\x00"s + good_.substr(9));
}

// What a program with a mistake, or an attacker, could vouch for.
TEST_F(SnapshotDamage, MalformedUnderARightChecksum) {
  const std::string head = "\xF5SMXSNAP\x01"s;
  const std::string none = head + "\x01\x03lru\x00\x00"s;
  const std::string one = head + "\x01\x03lru\x01\x00"s;
  const std::string endless = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s;
  const std::vector<std::string> bodies{
      head,
      head + "\x01"s,
      head + "\x01\x7flru"s,
      head + "\x01\x03lru"s,
      head + "\x01\x03lru\x00"s,
      head + "\x01\x03lru\x00\x05xxxxx"s,  // no dictionary
      head + "\x01\x03lru\x00"s + endless,
      none + "x",                               // more than was announced
      one,                                      // less
      one + "\x10\x00\x01k\x01v"s,              // an unknown flag
      one + "\x00\x00\x00\x01v"s,               // an empty key
      one + "\x00\x00"s + endless + "k\x01v"s,  // a key longer than the file
      one + "\x00\x00\x01k"s + endless,
      one + "\x00\x00\x01k\x02v"s,
      one + "\x00"s + endless + "\x01k\x01v"s,  // a rank beyond 32 bits
      one + "\x04\x00"s + endless + "\x01k\x01v"s,
      one + "\x08\x00\x01k\x00\x01v"s,  // tagged with nothing
      one + "\x08\x00\x01k"s + endless + "\x01v"s,
      one + "\x08\x00\x01k\x01\x09tag\x01v"s,
      one + "\x00\x80\x00\x01k\x01v"s,  // a number longer than needed
      head + "\x01\x03lru"s + endless + "\x00\x00\x00\x01k\x01v"s,
  };
  for (const std::string& body : bodies) expect_set_aside(signed_file(body));
  write(path_, signed_file(one + "\x00\x00\x01k\x01v"s));  // none of the above
  MemoryCache cache;
  EXPECT_EQ(cache.load_snapshot(path_).value().loaded, 1U);
}

TEST_F(SnapshotDamage, LoadsNothingOfWhatPrecedesTheFault) {
  const std::string two = "\xF5SMXSNAP\x01\x01\x03lru\x02\x00"s;
  expect_set_aside(signed_file(two + "\x00\x00\x01k\x01v"s + "\x00\x00\x01q\x7fw"s));
}

TEST_F(SnapshotDamage, NewerVersion) {
  for (const char version : {'\x02', '\x7f', '\xff'}) {
    std::string bytes = good_;
    bytes[8] = version;
    write(path_, bytes);
    expect_left_alone(ErrorCode::unsupported_version);
    EXPECT_EQ(contents(path_), bytes);
  }
}

TEST_F(SnapshotDamage, CannotBeSetAside) {
  write(path_, "garbage");
  fs::create_directories(aside_ / "full");
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::corrupt);
  EXPECT_NE(error.message().find("cannot be renamed to " + aside_.string()), std::string::npos);
  EXPECT_EQ(contents(path_), "garbage");
}

TEST_F(SnapshotDamage, NoRegularFile) {
  fs::remove(path_);
  fs::create_directory(path_);
  expect_left_alone(ErrorCode::io_error);
  fs::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), S_IRUSR | S_IWUSR), 0);
  expect_left_alone(ErrorCode::io_error);
  fs::remove(path_);
  fs::create_symlink(path_, path_);  // in a circle
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::io_error) << error.to_string();
}

void expect_not_written(const MemoryCache& cache, const std::string& path) {
  const auto saved = cache.save_snapshot(path);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code(), ErrorCode::io_error);
  EXPECT_NE(saved.error().message().find(path), std::string::npos) << saved.error().to_string();
}

TEST_F(SnapshotDamage, CannotBeWrittenThere) {
  expect_not_written(cache_, folder_ / "absent" / "cache.snapshot");
  expect_not_written(cache_, path_ / "below a file");
  fs::create_directory(folder_ / "folder");
  expect_not_written(cache_, folder_ / "folder");
  EXPECT_EQ(files(), 2U);  // nothing is left behind
}

// As on a full disk, the write fails half way.
TEST_F(SnapshotDamage, WriteThatFailsKeepsTheOldOne) {
  for (int i = 0; i < 500; ++i) {
    cache_.add("key" + std::to_string(i), std::string(1000, 'v')).value();
  }
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  rlimit small = limit;
  small.rlim_cur = 300'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_not_written(cache_, path_);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(contents(path_), good_);
  EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace semantrix
