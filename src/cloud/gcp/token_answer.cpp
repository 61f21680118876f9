#include "cloud/gcp/token_answer.hpp"

#include "cloud/access/json_fields.hpp"
#include "cloud/access/rfc3339.hpp"
#include "cloud/gcp/google_error.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <fmt/format.h>

#include <chrono>

namespace semantrix::gcp {
namespace {

Error no_token(std::string_view who) {
  return {ErrorCode::protocol_error, fmt::format("what was answered for {} is no token", who),
          "check the addresses in the credentials file: something else answers there"};
}

/// OAuth's own form of errors, RFC 6749: {"error": "invalid_grant", "error_description": "…"}.
Error refusal(const net::HttpResponse& response, std::string_view who) {
  const auto document = cloud::parse_json_object(response.body);
  const std::string error = document ? cloud::text_field(*document, "error") : std::string();
  if (error.empty() || response.status >= 500) {
    return to_error(google_fault(response), fmt::format("no token for {}", who));
  }
  ErrorInfo info;
  info.code = ErrorCode::authentication_failed;
  info.message = fmt::format("{} is refused a token: {}", who, error);
  info.server_message = cloud::text_field(*document, "error_description");
  info.remedy = "renew the credentials, e.g. gcloud auth application-default login";
  info.phase = Phase::received;
  return Error(std::move(info));
}

}  // namespace

net::HttpRequest form_request(const FormFields& fields) {
  net::HttpRequest request;
  request.method = "POST";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  for (const auto& [name, text] : fields) {
    if (text.empty()) continue;
    if (!request.body.empty()) request.body += '&';
    request.body += name;
    request.body += '=';
    request.body += boost::urls::encode(text, boost::urls::unreserved_chars);
  }
  return request;
}

Result<GoogleAccessToken> read_token(const net::HttpResponse& response, std::string_view who,
                                     const Clock& clock) {
  if (response.status < 200 || response.status > 299) return refusal(response, who);
  const auto document = cloud::parse_json_object(response.body);
  if (!document) return no_token(who);
  GoogleAccessToken token;
  token.token = cloud::text_field(*document, "access_token");
  if (token.token.empty()) return no_token(who);
  if (const auto seconds = cloud::number_field(*document, "expires_in")) {
    token.expires = std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(
            clock.wall_now() + std::chrono::seconds(*seconds)));
  }
  return token;
}

Result<GoogleAccessToken> read_impersonated_token(const net::HttpResponse& response,
                                                  std::string_view who) {
  if (response.status < 200 || response.status > 299) return refusal(response, who);
  const auto document = cloud::parse_json_object(response.body);
  if (!document) return no_token(who);
  GoogleAccessToken token;
  token.token = cloud::text_field(*document, "accessToken");
  const auto expires = cloud::parse_rfc3339(cloud::text_field(*document, "expireTime"));
  if (token.token.empty() || !expires) return no_token(who);
  token.expires = *expires;
  return token;
}

}  // namespace semantrix::gcp
