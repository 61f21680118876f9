#include "protocol/memcache/metadump.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {
namespace {

using namespace std::string_literals;

using State = MetadumpReader::State;

std::string entry(std::string_view key, std::string_view expiry = "-1") {
  return "key=" + std::string(key) + " exp=" + std::string(expiry) +
         " la=1700000000 cas=12 fetch=no cls=1 size=67\n";
}

/// Reads what arrives in pieces of so many bytes: "key@seconds/bytes;…" and how it ended.
std::string read(std::string_view bytes, std::size_t piece) {
  MetadumpReader reader;
  std::string result;
  std::size_t begin = 0;
  for (std::size_t end = 0;;) {
    const std::vector<char> exact(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(end));
    switch (reader.read({exact.data(), exact.size()})) {
      case State::need_more:
        if (end == bytes.size()) return result + "more";
        end = std::min(end + piece, bytes.size());
        continue;
      case State::entry: {
        const DumpedKey& found = reader.entry();
        result += found.key;
        if (found.expires)
          result += "@" + std::to_string(found.expires->time_since_epoch().count());
        result += "/" + std::to_string(found.bytes) + ";";
        begin += reader.consumed();
        continue;
      }
      case State::end:
        return result + "end " + std::to_string(bytes.size() - begin - reader.consumed());
      case State::failed:
        return result + std::string(to_string(reader.error().code())) +
               (reader.error().retryable() ? " retryable" : "") +
               (reader.is_old_server() ? " old" : "");
    }
  }
}

void expect_read(std::string_view bytes, std::string_view expected) {
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    EXPECT_EQ(read(bytes, piece), expected) << bytes << " by " << piece;
  }
}

TEST(MemcacheMetadump, ReadsEntriesUpToTheEnd) {
  expect_read(entry("semantrix%3Akey1") + entry("b", "1700000060") + "END\r\n",
              "semantrix:key1/67;b@1700000060/67;end 0");
  expect_read("END\r\n", "end 0");
  expect_read("END\n", "end 0");
}

TEST(MemcacheMetadump, DecodesKeys) {
  expect_read(entry("a%20b%25%0D%0a%00%ff+%3D~") + "END\r\n", "a b%\r\n\0\xff+=~/67;end 0"s);
}

TEST(MemcacheMetadump, PassesOverWhatItDoesNotKnow) {
  expect_read("key=a new exp=-1 other=1 key=b size=x\r\nEND\r\n", "a/0;end 0");
}

TEST(MemcacheMetadump, HasNothingWhereNothingIsStored) {
  expect_read("NOTSTARTED no items to crawl\r\n", "end 0");
}

TEST(MemcacheMetadump, IsNotWholeWithoutItsEnd) {
  expect_read(entry("a"), "a/67;more");
  expect_read(entry("a") + "EN", "a/67;more");
}

TEST(MemcacheMetadump, SaysWhyThereIsNone) {
  expect_read("BUSY currently processing crawler request\r\n", "unavailable retryable");
  expect_read("LOCKED\r\n", "unavailable retryable");
  expect_read("ERROR\r\n", "not_supported");
  expect_read("ERROR metadump not allowed\r\n", "not_supported");
  expect_read("CLIENT_ERROR lru crawler disabled\r\n", "not_supported");
  expect_read("BADCLASS invalid class id\r\n", "not_supported old");
  expect_read("CLIENT_ERROR unauthenticated\r\n", "authentication_failed");
  expect_read(entry("a") + "SERVER_ERROR out of memory\r\n", "a/67;unavailable retryable");
}

TEST(MemcacheMetadump, NamesTheRemedyWhereItIsForbidden) {
  MetadumpReader reader;
  ASSERT_EQ(reader.read("ERROR\r\n"), State::failed);
  EXPECT_NE(reader.error().remedy().find("key_prefix"), std::string::npos);
  EXPECT_EQ(reader.read("END\r\n"), State::failed);
}

TEST(MemcacheMetadump, RefusesAnythingElse) {
  for (const std::string_view bytes :
       {"EN\r\n", "\r\n", "\n", "exp=-1 key=a\n", "key=a\n", "key= exp=-1\n", "key=%4 exp=-1\n",
        "key=%zz exp=-1\n", "key=% exp=-1\n", "key=a exp=\n", "key=a exp=x\n", "key=a exp=-2\n",
        "key=a exp=99999999999999\n", "VALUE a 0 1\r\n", "a\rb\n", "END x\r\n"}) {
    expect_read(bytes, "protocol_error");
  }
}

TEST(MemcacheMetadump, RefusesLinesAndKeysThatAreTooLong) {
  EXPECT_EQ(read(entry(std::string(250, 'k')) + "END\r\n", 1000),
            std::string(250, 'k') + "/67;end 0");
  EXPECT_EQ(read(entry(std::string(251, 'k')), 1000), "protocol_error");
  EXPECT_EQ(read("key=" + std::string(5000, 'k'), 1000), "protocol_error");
}

}  // namespace
}  // namespace semantrix::memcache
