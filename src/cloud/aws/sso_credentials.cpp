#include "cloud/aws/sso_credentials.hpp"

#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"
#include "cloud/access/rfc3339.hpp"
#include "cloud/aws/credentials_document.hpp"
#include "cloud/aws/service_settings.hpp"
#include "protocol/sigv4/digest.hpp"
#include "protocol/sigv4/encode.hpp"

#include <openssl/evp.h>

#include <array>
#include <utility>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;

constexpr std::string_view who = "IAM Identity Center";

/// What a profile, or the session that it names, says.
struct Sso {
  std::string cache_key;  ///< The session's name, or the start URL.
  std::string region;
  std::string account;
  std::string role;
};

Error incomplete(const std::string& profile, std::string_view what) {
  return {ErrorCode::invalid_argument, "profile " + quote(profile) + " lacks " + std::string(what),
          "run `aws configure sso`"};
}

Error log_in(const std::string& profile, std::string_view why) {
  return {ErrorCode::no_credentials,
          "the login of profile " + quote(profile) + " " + std::string(why),
          "run `aws sso login --profile " + profile + "`"};
}

Result<Sso> read_settings(const Profiles& profiles, const std::string& name) {
  const Settings& profile = *profiles.find(name);
  Sso sso;
  sso.account = setting(profile, "sso_account_id");
  sso.role = setting(profile, "sso_role_name");
  sso.region = setting(profile, "sso_region");
  sso.cache_key = setting(profile, "sso_start_url");
  const std::string_view session = setting(profile, "sso_session");
  if (!session.empty()) {
    const auto found = profiles.sso_sessions.find(session);
    if (found == profiles.sso_sessions.end()) {
      return incomplete(name, "its section [sso-session " + std::string(session) + "]");
    }
    sso.region = setting(found->second, "sso_region");
    sso.cache_key = session;
  }
  if (sso.account.empty()) return incomplete(name, "sso_account_id");
  if (sso.role.empty()) return incomplete(name, "sso_role_name");
  if (sso.region.empty()) return incomplete(name, "sso_region");
  if (sso.cache_key.empty()) return incomplete(name, "sso_session");
  return sso;
}

/// The cache names its files so; it guards nothing.
std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, 20> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  return sigv4::to_hex(digest);
}

Result<std::string> cached_token(const cloud::Surroundings& surroundings, const Sso& sso,
                                 const std::string& profile) {
  const std::string path =
      cloud::expand_home(surroundings, "~/.aws/sso/cache/" + sha1_hex(sso.cache_key) + ".json");
  const Result<std::optional<std::string>> text = surroundings.file(path);
  if (!text) return text.error();
  if (!*text) return log_in(profile, "has not taken place");
  const auto object = cloud::parse_json_object(**text);
  if (!object) return log_in(profile, "left a file that cannot be read");
  std::string token = cloud::text_field(*object, "accessToken");
  const auto until = cloud::parse_rfc3339(cloud::text_field(*object, "expiresAt"));
  if (token.empty() || !until) return log_in(profile, "left a file that cannot be read");
  if (*until <= cloud::wall_seconds(surroundings)) return log_in(profile, "has expired");
  return token;
}

Result<Credentials> parse_role(std::string_view body, const std::string& account) {
  const auto object = cloud::parse_json_object(body);
  const auto* role = object ? cloud::object_field(*object, "roleCredentials") : nullptr;
  Credentials found;
  if (role != nullptr) {
    found.access_key_id = cloud::text_field(*role, "accessKeyId");
    found.secret_access_key = cloud::text_field(*role, "secretAccessKey");
    found.session_token = cloud::text_field(*role, "sessionToken");
    if (const auto until = cloud::number_field(*role, "expiration")) {
      found.expires = std::chrono::system_clock::time_point(std::chrono::milliseconds(*until));
    }
  }
  found.account_id = account;
  if (!found.access_key_id.empty() && !found.secret_access_key.empty()) return found;
  return Error(ErrorCode::protocol_error, std::string(who) + " gave no credentials",
               "check what answers at its endpoint");
}

}  // namespace

bool uses_sso(const Settings& profile) noexcept {
  return !setting(profile, "sso_session").empty() || !setting(profile, "sso_start_url").empty();
}

awaitable<Result<Credentials>> credentials_from_sso(cloud::SharedSurroundings surroundings,
                                                    Profiles profiles, std::string profile,
                                                    CredentialsSource::Deadline deadline) {
  const Result<Sso> sso = read_settings(profiles, profile);
  if (!sso) co_return sso.error();
  Result<std::string> token = cached_token(*surroundings, *sso, profile);
  if (!token) co_return token.error();
  EndpointQuestion question;
  question.region = sso->region;
  auto settings = service_settings(*surroundings, profiles, profile, "sso", std::move(question));
  if (!settings) co_return settings.error();
  auto endpoint = regional_endpoint("portal.sso", *settings);
  if (!endpoint) co_return endpoint.error();
  endpoint->url.target = "/federation/credentials?role_name=" + sigv4::encoded(sso->role) +
                         "&account_id=" + sigv4::encoded(sso->account);
  net::HttpRequest request;
  request.headers.push_back({"Accept", "application/json"});
  request.headers.push_back({"x-amz-sso_bearer_token", *std::move(token)});
  auto sending = cloud::send_patiently(*surroundings->transport, std::move(endpoint->url),
                                       std::move(request), cloud::Patience(), deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return response.error();
  if (response->status == 401) co_return log_in(profile, "is no longer accepted");
  if (response->status != 200) {
    const auto object = cloud::parse_json_object(response->body);
    std::string words = object ? cloud::text_field(*object, "message") : std::string();
    co_return refused_with(response->status, who, std::move(words));
  }
  co_return parse_role(response->body, sso->account);
}

}  // namespace semantrix::aws
