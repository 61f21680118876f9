#include "protocol/resp/error_reply.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace semantrix::resp {
namespace {

struct Case {
  std::string_view text;
  ErrorKind kind;
  ErrorCode code;
  bool retryable;
};

// The words of Redis 5 to 7.
constexpr auto cases = std::to_array<Case>({
    {"MOVED 3999 127.0.0.1:6381", ErrorKind::moved, ErrorCode::unavailable, true},
    {"ASK 3999 127.0.0.1:6381", ErrorKind::ask, ErrorCode::unavailable, true},
    {"TRYAGAIN Multiple keys request during rehashing of slot", ErrorKind::try_again,
     ErrorCode::unavailable, true},
    {"CLUSTERDOWN Hash slot not served", ErrorKind::cluster_down, ErrorCode::unavailable, true},
    {"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
     ErrorKind::master_down, ErrorCode::unavailable, true},
    {"LOADING Redis is loading the dataset in memory", ErrorKind::loading, ErrorCode::unavailable,
     true},
    {"READONLY You can't write against a read only replica.", ErrorKind::read_only,
     ErrorCode::unavailable, true},
    {"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
     ErrorKind::busy, ErrorCode::unavailable, true},
    {"NOREPLICAS Not enough good replicas to write.", ErrorKind::other, ErrorCode::unavailable,
     true},
    {"NOAUTH Authentication required.", ErrorKind::no_auth, ErrorCode::authentication_failed,
     false},
    {"WRONGPASS invalid username-password pair or user is disabled.", ErrorKind::wrong_pass,
     ErrorCode::authentication_failed, false},
    {"ERR invalid password", ErrorKind::wrong_pass, ErrorCode::authentication_failed, false},
    {"ERR Client sent AUTH, but no password is set", ErrorKind::wrong_pass,
     ErrorCode::authentication_failed, false},
    {"ERR AUTH <password> called without any password configured for the default user. Are you "
     "sure your configuration is correct?",
     ErrorKind::wrong_pass, ErrorCode::authentication_failed, false},
    {"NOPERM this user has no permissions to run the 'get' command", ErrorKind::no_perm,
     ErrorCode::permission_denied, false},
    {"CROSSSLOT Keys in request don't hash to the same slot", ErrorKind::cross_slot,
     ErrorCode::internal, false},
    {"WRONGTYPE Operation against a key holding the wrong kind of value", ErrorKind::wrong_type,
     ErrorCode::corrupt, false},
    {"OOM command not allowed when used memory > 'maxmemory'.", ErrorKind::out_of_memory,
     ErrorCode::server_out_of_memory, false},
    {"ERR max number of clients reached", ErrorKind::max_clients, ErrorCode::connect_failed, true},
    {"ERR max number of clients + cluster connections reached", ErrorKind::max_clients,
     ErrorCode::connect_failed, true},
    {"NOPROTO unsupported protocol version", ErrorKind::no_proto, ErrorCode::not_supported, false},
    {"ERR unknown command 'HELLO'", ErrorKind::unknown_command, ErrorCode::not_supported, false},
    {"ERR unknown subcommand 'XX'. Try CLUSTER HELP.", ErrorKind::unknown_command,
     ErrorCode::not_supported, false},
    {"MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist",
     ErrorKind::misconf, ErrorCode::unavailable, false},
    {"ERR DB index is out of range", ErrorKind::other, ErrorCode::invalid_argument, false},
    {"DENIED Redis is running in protected mode", ErrorKind::other, ErrorCode::permission_denied,
     false},
    {"ERR Protocol error: invalid bulk length", ErrorKind::other, ErrorCode::protocol_error, false},
    {"ERR syntax error", ErrorKind::other, ErrorCode::protocol_error, false},
    {"BUSYGROUP Consumer Group name already exists", ErrorKind::other, ErrorCode::protocol_error,
     false},
    {"moved 1 a:1", ErrorKind::other, ErrorCode::protocol_error, false},
    {"", ErrorKind::other, ErrorCode::protocol_error, false},
});

TEST(RespError, KnowsWhatServersSay) {
  for (const Case& each : cases) {
    EXPECT_EQ(classify_error(each.text), each.kind) << each.text;
    const Error error = to_error(each.text);
    EXPECT_EQ(error.code(), each.code) << each.text;
    EXPECT_EQ(error.retryable(), each.retryable) << each.text;
    EXPECT_EQ(error.info().phase, Phase::received);
    EXPECT_FALSE(error.message().empty());
    EXPECT_TRUE(each.kind == ErrorKind::other || !error.remedy().empty()) << each.text;
  }
}

TEST(RespError, KnowsACodeWithoutWords) {
  EXPECT_EQ(classify_error("LOADING"), ErrorKind::loading);
  EXPECT_EQ(classify_error("LOADINGS"), ErrorKind::other);
}

TEST(RespError, ShowsTheServersWords) {
  for (const std::string_view text :
       {"CROSSSLOT Keys in request don't hash to the same slot",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "NOPERM this user has no permissions to run the 'get' command",
        "NOPERM this user has no permissions to run the 'config|set' command",
        "READONLY You can't write against a read only replica.", "LOADING"}) {
    EXPECT_EQ(to_error(text).info().server_message, text);
  }
}

TEST(RespError, LeavesOutWhatTheServerRepeatsOfACommand) {
  EXPECT_EQ(redact_error("ERR unknown command `GETX`, with args beginning with: `key`, `value`, "),
            "ERR unknown command `GETX`");
  EXPECT_EQ(redact_error("ERR unknown command 'GETX', with args beginning with: 'key' "),
            "ERR unknown command 'GETX'");
  EXPECT_EQ(redact_error("NOPERM User bob has no permissions to access the 'secret' key"),
            "NOPERM User bob has no permissions to access the '***' key");
  EXPECT_EQ(redact_error("ERR unknown command 'a secret, with blanks'"),
            "ERR unknown command '***'");
  EXPECT_EQ(redact_error("ERR no such thing (\"secret\") here"), "ERR no such thing ('***') here");
  EXPECT_EQ(redact_error("ERR it begins 'and does not end"), "ERR it begins '***'");
}

TEST(RespError, ShowsOneShortLine) {
  EXPECT_EQ(redact_error("ERR a\r\nb\x1b[31m\xff"), "ERR a  b [31m ");
  EXPECT_LE(redact_error(std::string(100'000, 'x')).size(), 200U);
}

}  // namespace
}  // namespace semantrix::resp
