#include <semantrix/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace semantrix {
namespace {

constexpr int code_count = static_cast<int>(ErrorCode::internal) + 1;

TEST(ErrorCodes, HaveDistinctNames) {
  std::set<std::string_view> names;
  for (int code = 0; code < code_count; ++code) {
    names.insert(to_string(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(code_count));
  EXPECT_EQ(to_string(ErrorCode::invalid_argument), "invalid_argument");
  EXPECT_EQ(to_string(ErrorCode::connect_failed), "connect_failed");
  EXPECT_EQ(to_string(ErrorCode::permission_denied), "permission_denied");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal");
}

TEST(ErrorCodes, OutOfRangeAreInternal) {
  EXPECT_EQ(to_string(static_cast<ErrorCode>(250)), "internal");
  EXPECT_EQ(exit_status(static_cast<ErrorCode>(250)), 5);
}

TEST(ErrorCodes, GiveTheExitStatusesOfTheCommandLine) {
  const auto all_give = [](int status, std::initializer_list<ErrorCode> codes) {
    for (const ErrorCode code : codes) EXPECT_EQ(exit_status(code), status) << to_string(code);
  };
  using enum ErrorCode;
  all_give(2, {invalid_argument, missing_configuration});
  all_give(3, {timeout, resolve_failed, connect_failed, tls_failed, connection_lost, unavailable});
  all_give(4, {no_credentials, authentication_failed, permission_denied});
  all_give(
      5, {too_large, not_supported, closed, cancelled, overloaded, throttled, server_out_of_memory,
          protocol_error, corrupt, unsupported_version, io_error, busy, internal});
}

TEST(Phases, HaveNames) {
  EXPECT_EQ(to_string(Phase::none), "none");
  EXPECT_EQ(to_string(Phase::queued), "queued");
  EXPECT_EQ(to_string(Phase::connecting), "connecting");
  EXPECT_EQ(to_string(Phase::sent), "sent");
  EXPECT_EQ(to_string(Phase::received), "received");
}

TEST(Error, KnowsFromItsCodeWhetherARetryMayHelp) {
  EXPECT_TRUE(Error(ErrorCode::timeout, "").retryable());
  EXPECT_TRUE(Error(ErrorCode::throttled, "").retryable());
  EXPECT_TRUE(Error(ErrorCode::busy, "").retryable());
  EXPECT_FALSE(Error(ErrorCode::invalid_argument, "").retryable());
  EXPECT_FALSE(Error(ErrorCode::authentication_failed, "").retryable());
  EXPECT_FALSE(Error(ErrorInfo{.code = ErrorCode::timeout}).retryable());
}

TEST(Error, PrintsWhatItHas) {
  EXPECT_EQ(Error(ErrorCode::busy, "the file is locked").to_string(), "the file is locked");
  EXPECT_EQ(Error(ErrorCode::busy, "the file is locked", "end the other process").to_string(),
            "the file is locked; end the other process");
  const Error full({.code = ErrorCode::authentication_failed,
                    .message = "login refused",
                    .remedy = "check the password",
                    .server_message = "WRONGPASS"});
  EXPECT_EQ(full.to_string(), "login refused; server said WRONGPASS; check the password");
}

TEST(Error, SharesItsInfoBetweenCopies) {
  const Error error(ErrorCode::corrupt, "broken");
  const std::vector<Error> copies(2, error);
  EXPECT_EQ(&copies.back().info(), &error.info());
}

TEST(Result, ThrowsItsErrorAsCacheError) {
  const Result<int> failed = Error(ErrorCode::closed, "the store is closed", "open it again");
  try {
    (void)failed.value();
    FAIL() << "did not throw";
  } catch (const CacheError& thrown) {
    EXPECT_EQ(thrown.code(), ErrorCode::closed);
    EXPECT_STREQ(thrown.what(), "the store is closed; open it again");
    EXPECT_EQ(&thrown.error().info(), &failed.error().info());
  }
  const Result<void> nothing = Error(ErrorCode::io_error, "no");
  EXPECT_THROW(nothing.value(), CacheError);
}

TEST(Result, GivesItsValue) {
  const Result<int> seven = 7;
  EXPECT_EQ(seven.value(), 7);
}

}  // namespace
}  // namespace semantrix
