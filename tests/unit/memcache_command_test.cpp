#include "protocol/memcache/command.hpp"
#include "protocol/memcache/line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memcache {
namespace {

using namespace std::string_literals;

WireKey key(std::string_view text) { return *WireKey::of(text); }

template <class Append>
std::string written(Append append) {
  std::string out;
  append(out);
  return out;
}

TEST(MemcacheDialect, IsMetaFromItsSettledFormOn) {
  for (const std::string_view version : {"1.6.10", "1.6.18", "1.6.22-1", "1.7.0", "1.7", "2.0.0",
                                         "1.6.10_beta", "1.10.0", "1.6.100"}) {
    EXPECT_EQ(dialect_of(version), Dialect::meta) << version;
  }
  for (const std::string_view version : {"1.6.9", "1.6.6", "1.6", "1.5.22", "1.4.34", "1.4.5_4_gaa",
                                         "", "unknown", "mcrouter 1.0", "v1.6.18", "-1.7.0", "1"}) {
    EXPECT_EQ(dialect_of(version), Dialect::classic) << version;
  }
}

TEST(MemcacheCommand, WritesGets) {
  const auto get = [](Dialect dialect, Opaque opaque = {}) {
    return written([&](std::string& out) { append_get(out, dialect, key("k:1"), opaque); });
  };
  EXPECT_EQ(get(Dialect::meta), "mg k:1 v\r\n");
  EXPECT_EQ(get(Dialect::meta, 4294967295U), "mg k:1 v O4294967295\r\n");
  EXPECT_EQ(get(Dialect::classic), "get k:1\r\n");
  EXPECT_EQ(get(Dialect::classic, 7), "get k:1\r\n");
}

TEST(MemcacheCommand, WritesGetsOfManyKeys) {
  const std::vector<WireKey> keys = {key("a"), key("b"), key("a")};
  EXPECT_EQ(written([&](std::string& out) { append_get_many(out, keys); }), "get a b a\r\n");
}

TEST(MemcacheCommand, KnowsHowManyKeysFitALine) {
  EXPECT_EQ(fitting_keys({}), 0U);
  EXPECT_EQ(fitting_keys(std::vector<WireKey>(7, key("k"))), 7U);
  EXPECT_EQ(fitting_keys(std::vector<WireKey>(1000, key("k"))), most_keys);
  const std::vector<WireKey> long_keys(100, key(std::string(250, 'k')));
  const std::size_t fitting = fitting_keys(long_keys);
  EXPECT_EQ(fitting, (most_line_bytes - 5) / 251);
  const auto front = std::span(long_keys).first(fitting);
  EXPECT_LE(written([&](std::string& out) { append_get_many(out, front); }).size(),
            most_line_bytes);
}

TEST(MemcacheCommand, WritesMetaGets) {
  EXPECT_EQ(written([](std::string& out) { append_get_entry(out, key("k")); }), "mg k t v f\r\n");
  EXPECT_EQ(written([](std::string& out) { append_get_entry(out, key("k"), 1); }),
            "mg k t v f O1\r\n");
  EXPECT_EQ(written([](std::string& out) { append_get_ttl(out, key("k")); }), "mg k t\r\n");
  EXPECT_EQ(written([](std::string& out) { append_get_ttl(out, key("k"), 0); }), "mg k t O0\r\n");
}

TEST(MemcacheCommand, WritesSets) {
  const auto set = [](Dialect dialect, std::string_view value, Set options = {}) {
    return written([&](std::string& out) { append_set(out, dialect, key("k"), value, options); });
  };
  EXPECT_EQ(set(Dialect::meta, "value"), "ms k 5\r\nvalue\r\n");
  EXPECT_EQ(set(Dialect::meta, ""), "ms k 0\r\n\r\n");
  EXPECT_EQ(set(Dialect::meta, "a\0 \r\n"s, {.seconds = 61, .flags = 4294967295, .opaque = 7}),
            "ms k 5 T61 F4294967295 O7\r\na\0 \r\n\r\n"s);
  EXPECT_EQ(set(Dialect::classic, "value"), "set k 0 0 5\r\nvalue\r\n");
  EXPECT_EQ(set(Dialect::classic, "", {.seconds = 1893456000, .flags = 3, .opaque = 7}),
            "set k 3 1893456000 0\r\n\r\n");
}

TEST(MemcacheCommand, WritesTheSameSetInPieces) {
  for (const Dialect dialect : {Dialect::meta, Dialect::classic}) {
    std::string whole;
    append_set(whole, dialect, key("k"), "a large value", {.seconds = 5});
    std::string pieces;
    append_set_header(pieces, dialect, key("k"), 13, {.seconds = 5});
    pieces += "a large value";
    pieces += end_of_data;
    EXPECT_EQ(pieces, whole);
  }
  EXPECT_EQ(written([](std::string& out) {
              append_set_header(out, Dialect::meta, key("k"),
                                std::numeric_limits<std::size_t>::max());
            }),
            "ms k 18446744073709551615\r\n");
}

TEST(MemcacheCommand, WritesDeletes) {
  EXPECT_EQ(written([](std::string& out) { append_delete(out, Dialect::meta, key("k")); }),
            "md k\r\n");
  EXPECT_EQ(written([](std::string& out) { append_delete(out, Dialect::meta, key("k"), 3); }),
            "md k O3\r\n");
  EXPECT_EQ(written([](std::string& out) { append_delete(out, Dialect::classic, key("k"), 3); }),
            "delete k\r\n");
}

TEST(MemcacheCommand, WritesTouches) {
  EXPECT_EQ(written([](std::string& out) { append_touch(out, Dialect::meta, key("k"), 60); }),
            "mg k T60\r\n");
  EXPECT_EQ(written([](std::string& out) { append_touch(out, Dialect::meta, key("k"), 60, 1); }),
            "mg k T60 O1\r\n");
  EXPECT_EQ(written([](std::string& out) { append_touch(out, Dialect::classic, key("k"), 60); }),
            "touch k 60\r\n");
}

TEST(MemcacheCommand, WritesNoOps) {
  EXPECT_EQ(written([](std::string& out) { append_no_op(out, Dialect::meta); }), "mn\r\n");
  EXPECT_EQ(written([](std::string& out) { append_no_op(out, Dialect::classic); }), "version\r\n");
}

TEST(MemcacheCommand, AppendsToWhatIsThere) {
  std::string out = "mn\r\n";
  append_get(out, Dialect::meta, key("k"));
  append_delete(out, Dialect::classic, key("k"));
  EXPECT_EQ(out, "mn\r\nmg k v\r\ndelete k\r\n");
}

TEST(MemcacheCommand, WritesLogins) {
  std::string out;
  ASSERT_TRUE(append_login(out, "user", "pass").has_value());
  EXPECT_EQ(out, "set login 0 0 9\r\nuser pass\r\n");
}

TEST(MemcacheCommand, RefusesLoginsThatTheProtocolCannotCarry) {
  for (const std::string& bad : {""s, "a b"s, "a\r\nflush_all"s, "a\0"s}) {
    std::string out = "before";
    for (const Result<void>& login :
         {append_login(out, bad, "pass"), append_login(out, "u", bad)}) {
      ASSERT_TRUE(login.has_error());
      EXPECT_EQ(login.error().code(), ErrorCode::invalid_argument);
    }
    EXPECT_EQ(out, "before");
  }
}

/// The verbs that a server finds in what was written, reading as memcached 1.6 does: a set whose
/// line it refuses leaves its value to be read as commands.
std::vector<std::string> verbs_that_run(std::string_view bytes) {
  std::vector<std::string> verbs;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end == bytes.npos ? bytes.size() : end + 1, bytes.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string verb(take_word(line));
    verbs.push_back(verb);
    if (take_word(line).size() > WireKey::longest) continue;
    if (verb == "set") {
      (void)take_word(line);
      (void)take_word(line);
    }
    const auto size = verb == "set" || verb == "ms" ? parse_number(take_word(line)) : std::nullopt;
    if (size) bytes.remove_prefix(std::min<std::size_t>(*size + 2, bytes.size()));
  }
  return verbs;
}

TEST(MemcacheCommand, LetsNoKeyRunTheValueBehindIt) {
  // What this guards against: a key too long by a byte, and the value is a command.
  const std::string long_key(251, 'k');
  EXPECT_EQ(verbs_that_run("ms " + long_key + " 9 T0\r\nflush_all\r\n"),
            (std::vector<std::string>{"ms", "flush_all"}));
  EXPECT_FALSE(WireKey::of(long_key));

  const KeyPrefix prefix;
  for (const std::string& each : {long_key, "a b"s, "a\r\nflush_all\r\n"s, "a 0 0 1"s, "a\0b"s,
                                  "\n"s, " "s, std::string(8192, 'k'), std::string(250, 'k')}) {
    for (const Dialect dialect : {Dialect::meta, Dialect::classic}) {
      const std::string verb = dialect == Dialect::meta ? "ms" : "set";
      std::string out;
      append_set(out, dialect, prefix.key(each), "flush_all\r\n", {.seconds = 9, .flags = 1});
      EXPECT_EQ(verbs_that_run(out), std::vector<std::string>{verb}) << each;
      out.clear();
      append_get(out, dialect, prefix.key(each));
      append_delete(out, dialect, prefix.key(each));
      EXPECT_EQ(verbs_that_run(out).size(), 2U) << each;
    }
  }
}

}  // namespace
}  // namespace semantrix::memcache
