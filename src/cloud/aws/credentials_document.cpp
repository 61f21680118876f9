#include "cloud/aws/credentials_document.hpp"

#include "cloud/access/json_fields.hpp"
#include "cloud/access/rfc3339.hpp"

#include <utility>

namespace semantrix::aws {
namespace {

Error senseless(std::string_view who, std::string_view what) {
  return {ErrorCode::protocol_error,
          std::string(who) + " gave no credentials: " + std::string(what),
          "check what answers there"};
}

}  // namespace

Result<Credentials> parse_credentials(std::string_view json, std::string_view token_name,
                                      std::string_view who) {
  const auto object = cloud::parse_json_object(json);
  if (!object) return senseless(who, "it is no JSON object");
  Credentials found;
  found.access_key_id = cloud::text_field(*object, "AccessKeyId");
  found.secret_access_key = cloud::text_field(*object, "SecretAccessKey");
  if (found.access_key_id.empty()) return senseless(who, "AccessKeyId is missing");
  if (found.secret_access_key.empty()) return senseless(who, "SecretAccessKey is missing");
  found.session_token = cloud::text_field(*object, token_name);
  found.account_id = cloud::text_field(*object, "AccountId");
  const std::string until = cloud::text_field(*object, "Expiration");
  if (until.empty()) return found;
  const auto time = cloud::parse_rfc3339(until);
  if (!time) return senseless(who, "Expiration is no time");
  found.expires = *time;
  return found;
}

Error refused_with(int status, std::string_view who, std::string server_message) {
  ErrorInfo info;
  const bool busy = status >= 500 || status == 429 || status == 408;
  info.code = busy ? ErrorCode::unavailable : ErrorCode::authentication_failed;
  info.message = std::string(who) + " answers " + std::to_string(status);
  info.remedy = busy ? "try again" : "check who may have these credentials";
  info.server_message = std::move(server_message);
  info.retryable = busy;
  info.phase = Phase::received;
  return Error(std::move(info));
}

Error nothing_in(std::string_view where, std::string remedy) {
  return {ErrorCode::no_credentials, "there are no AWS credentials in " + std::string(where),
          std::move(remedy)};
}

}  // namespace semantrix::aws
