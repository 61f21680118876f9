#include "protocol/memcache/error_reply.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace semantrix::memcache {
namespace {

struct Case {
  std::string_view line;
  ErrorKind kind;
  ErrorCode code;
  bool retryable;
  bool ends;
};

// The words of memcached 1.4 to 1.6, and of proxies.
constexpr auto cases = std::to_array<Case>({
    {"SERVER_ERROR object too large for cache", ErrorKind::too_large, ErrorCode::too_large, false,
     false},
    {"SERVER_ERROR out of memory storing object", ErrorKind::out_of_memory,
     ErrorCode::server_out_of_memory, false, false},
    {"SERVER_ERROR out of memory writing get response", ErrorKind::unavailable,
     ErrorCode::unavailable, true, false},
    {"SERVER_ERROR refcount overflow during fetch", ErrorKind::unavailable, ErrorCode::unavailable,
     true, false},
    {"SERVER_ERROR", ErrorKind::unavailable, ErrorCode::unavailable, true, false},
    {"CLIENT_ERROR bad command line format", ErrorKind::malformed_request,
     ErrorCode::protocol_error, false, true},
    {"CLIENT_ERROR bad data chunk", ErrorKind::malformed_request, ErrorCode::protocol_error, false,
     true},
    {"CLIENT_ERROR opaque token too long", ErrorKind::malformed_request, ErrorCode::protocol_error,
     false, true},
    {"CLIENT_ERROR", ErrorKind::malformed_request, ErrorCode::protocol_error, false, true},
    {"CLIENT_ERROR unauthenticated", ErrorKind::unauthenticated, ErrorCode::authentication_failed,
     false, true},
    {"CLIENT_ERROR authentication failure", ErrorKind::wrong_credentials,
     ErrorCode::authentication_failed, false, true},
    {"CLIENT_ERROR bad authentication token format", ErrorKind::wrong_credentials,
     ErrorCode::authentication_failed, false, true},
    {"CLIENT_ERROR lru crawler disabled", ErrorKind::not_allowed, ErrorCode::not_supported, false,
     false},
    {"ERROR metadump not allowed", ErrorKind::not_allowed, ErrorCode::not_supported, false, false},
    {"ERROR Too many open connections", ErrorKind::too_many_connections, ErrorCode::connect_failed,
     true, true},
    {"ERROR", ErrorKind::unknown_command, ErrorCode::not_supported, false, true},
    {"ERROR cannot pipeline other commands before metadump", ErrorKind::unknown_command,
     ErrorCode::not_supported, false, true},
    {"BUSY currently processing crawler request", ErrorKind::busy, ErrorCode::unavailable, true,
     false},
    {"LOCKED try again later", ErrorKind::busy, ErrorCode::unavailable, true, false},
    {"BADCLASS invalid class id", ErrorKind::bad_class, ErrorCode::not_supported, false, false},
});

TEST(MemcacheError, SaysWhatAServersWordsMean) {
  for (const Case& each : cases) {
    EXPECT_TRUE(is_error(each.line)) << each.line;
    EXPECT_EQ(classify_error(each.line), each.kind) << each.line;
    EXPECT_EQ(ends_connection(each.kind), each.ends) << each.line;
    const Error error = to_error(each.line);
    EXPECT_EQ(error.code(), each.code) << each.line;
    EXPECT_EQ(error.retryable(), each.retryable) << each.line;
    EXPECT_EQ(error.info().phase, Phase::received);
    EXPECT_FALSE(error.message().empty());
    EXPECT_FALSE(error.remedy().empty()) << each.line;
  }
}

TEST(MemcacheError, IsNoneWithoutOneOfItsWords) {
  for (const std::string_view line :
       {"", "END", "STORED", "ERRORS", "SERVER_ERRORX", "error", "NOT_STORED", "VALUE ERROR 0 1"}) {
    EXPECT_FALSE(is_error(line)) << line;
  }
}

TEST(MemcacheError, ShowsTheServersOwnWords) {
  for (const std::string_view line :
       {"SERVER_ERROR object too large for cache", "CLIENT_ERROR bad command line format",
        "CLIENT_ERROR key too long", "ERROR", "ERROR Too many open connections",
        "SERVER_ERROR out of memory writing get response",
        "BUSY currently processing crawler request"}) {
    EXPECT_EQ(redact_error(line), line);
  }
}

TEST(MemcacheError, HidesWhatMayBeAKeyOrAValue) {
  EXPECT_EQ(redact_error("CLIENT_ERROR invalid key secret"), "CLIENT_ERROR invalid key ***");
  EXPECT_EQ(redact_error("SERVER_ERROR cannot store user:42 now"),
            "SERVER_ERROR cannot store *** now");
  EXPECT_EQ(redact_error("SERVER_ERROR 'a password' failed"), "SERVER_ERROR *** *** failed");
  EXPECT_EQ(redact_error("SERVER_ERROR averyveryverylongword!"), "SERVER_ERROR ***");
  EXPECT_EQ(redact_error("CLIENT_ERROR caf\xc3\xa9 \x01"), "CLIENT_ERROR *** ***");
  EXPECT_EQ(to_error("SERVER_ERROR value: hunter").info().server_message,
            "SERVER_ERROR value: ***");
}

TEST(MemcacheError, KeepsTextsShort) {
  std::string line = "SERVER_ERROR";
  for (int i = 0; i < 1000; ++i) line += " word";
  EXPECT_EQ(redact_error(line).size(), 200U);
}

}  // namespace
}  // namespace semantrix::memcache
