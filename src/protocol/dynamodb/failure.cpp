#include "protocol/dynamodb/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace semantrix::dynamodb {
namespace {

// What AWS's own clients take for throttling, whatever the service.
constexpr std::array<std::string_view, 14> throttles{
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};
constexpr std::array<std::string_view, 5> transients{"InternalServerError", "InternalFailure",
                                                     "ReplicatedWriteConflictException",
                                                     "RequestTimeout", "RequestTimeoutException"};
constexpr std::array<std::string_view, 3> skews{"RequestTimeTooSkewed", "RequestExpired",
                                                "RequestInTheFuture"};
constexpr std::array<std::string_view, 8> refused_identities{
    "UnrecognizedClientException",         "InvalidSignatureException",   "SignatureDoesNotMatch",
    "MissingAuthenticationToken",          "IncompleteSignature",         "InvalidClientTokenId",
    "MissingAuthenticationTokenException", "IncompleteSignatureException"};

template <std::size_t N>
bool is_one_of(std::string_view type, const std::array<std::string_view, N>& types) noexcept {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool mentions(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != text.npos;
}

/// A signature is refused for its date in words only.
bool speaks_of_the_date(std::string_view message) noexcept {
  return mentions(message, "Signature expired") || mentions(message, "Signature not yet current");
}

struct Words {
  ErrorCode code;
  std::string message;
  std::string remedy = {};
};

Words validation(const Refusal& refusal, std::string_view table) {
  if (mentions(refusal.message, "size")) {
    return {ErrorCode::too_large, "the item exceeds what DynamoDB holds", "store less"};
  }
  const bool schema =
      mentions(refusal.message, "key element") || mentions(refusal.message, "Missing the key") ||
      mentions(refusal.message, "required keys") || mentions(refusal.message, "key size");
  if (schema) {
    return {ErrorCode::invalid_argument,
            fmt::format("table {} has other keys than a cache needs", table),
            "use a table whose only key is the string attribute 'key', or name one that does not "
            "exist and have it created"};
  }
  return {ErrorCode::invalid_argument,
          fmt::format("DynamoDB refuses the request on table {}", table)};
}

Words words_of(int status, const Refusal& refusal, Action action, std::string_view table) {
  const std::string_view type = refusal.type;
  if (type == "AccessDeniedException" || type == "AccessDenied") {
    return {ErrorCode::permission_denied,
            fmt::format("the credentials lack the permission dynamodb:{} on table {}",
                        to_string(action), table),
            "add it to their policy: docs/stores/dynamodb.md has the least that is needed"};
  }
  if (type == "ExpiredTokenException" || type == "ExpiredToken") {
    return {ErrorCode::authentication_failed, "the session token has expired",
            "renew the credentials"};
  }
  if (is_one_of(type, refused_identities)) {
    return {ErrorCode::authentication_failed, "DynamoDB refuses the credentials",
            "check access key, secret and session token, and that they belong to this region's "
            "partition"};
  }
  if (is_one_of(type, skews)) {
    return {ErrorCode::authentication_failed, "DynamoDB refuses the signature for its date",
            "set this machine's clock"};
  }
  if (type == "ResourceNotFoundException") {
    return {ErrorCode::missing_configuration, fmt::format("table {} does not exist", table),
            "create it, or set create_if_missing to true; check region_name too"};
  }
  if (type == "ValidationException") return validation(refusal, table);
  if (type == "LimitExceededException") {
    return {ErrorCode::unavailable, "the account may have no more tables, or is changing too many",
            "wait, or ask AWS for a higher quota"};
  }
  return {status >= 500 ? ErrorCode::unavailable : ErrorCode::protocol_error,
          fmt::format("DynamoDB answers {} with status {}",
                      type.empty() ? "something unknown" : type, status)};
}

}  // namespace

FailureKind classify(int status, const Refusal& refusal) noexcept {
  const std::string_view type = refusal.type;
  if (type == "ResourceNotFoundException") return FailureKind::no_table;
  if (type == "UnknownOperationException") return FailureKind::unknown_action;
  if (type == "ResourceInUseException") return FailureKind::table_in_use;
  if (type == "ConditionalCheckFailedException") return FailureKind::condition_failed;
  if (type == "ExpiredTokenException" || type == "ExpiredToken") return FailureKind::expired_token;
  if (is_one_of(type, skews)) return FailureKind::clock_skew;
  const bool signature = type == "InvalidSignatureException" || type == "SignatureDoesNotMatch";
  if (signature && speaks_of_the_date(refusal.message)) return FailureKind::clock_skew;
  if (is_one_of(type, throttles) || status == 429) return FailureKind::throttled;
  if (is_one_of(type, transients) || status >= 500) return FailureKind::transient;
  return FailureKind::other;
}

Error error_of(int status, const Refusal& refusal, FailureKind kind, Action action,
               std::string_view table) {
  ErrorInfo info;
  if (kind == FailureKind::throttled) {
    info.code = ErrorCode::throttled;
    info.message = fmt::format("DynamoDB throttles {} on table {}", to_string(action), table);
    info.remedy = "ask less often, raise the table's capacity, or put a near cache in front";
    if (!refusal.reasons.empty()) info.message += " (" + refusal.reasons + ")";
  } else {
    Words words = words_of(status, refusal, action, table);
    info.code = words.code;
    info.message = std::move(words.message);
    info.remedy = std::move(words.remedy);
  }
  info.server_message = refusal.message;
  info.retryable = kind == FailureKind::throttled || kind == FailureKind::transient;
  info.phase = Phase::received;
  return Error(std::move(info));
}

}  // namespace semantrix::dynamodb
