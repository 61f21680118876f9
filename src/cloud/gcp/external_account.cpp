#include "cloud/gcp/external_account.hpp"

#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"
#include "cloud/gcp/credentials_file.hpp"
#include "cloud/gcp/impersonated_account.hpp"
#include "cloud/gcp/token_answer.hpp"

#include <boost/json/serialize.hpp>

#include <openssl/evp.h>

#include <utility>

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
namespace json = boost::json;

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

std::string trimmed(std::string text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string::npos ? std::string() : text.substr(begin);
}

Error no_subject_token(std::string why) {
  return unusable("the external account's own token cannot be had: " + std::move(why),
                  "check credential_source in the credentials file");
}

}  // namespace

Result<OwnedTokenSource> ExternalAccount::make(const json::object& file,
                                               cloud::SharedSurroundings surroundings) {
  std::unique_ptr<ExternalAccount> account(new ExternalAccount(surroundings));
  const FileFields fields(file, "an external account");
  if (auto read = fields.read("audience", account->audience_); !read) return read.error();
  auto type = fields.read("subject_token_type", account->subject_token_type_);
  if (!type) return type.error();
  auto url = fields.url("token_url", "https://sts.googleapis.com/v1/token");
  if (!url) return url.error();
  account->token_url_ = *std::move(url);
  account->client_id_ = cloud::text_field(file, "client_id");
  account->client_secret_ = cloud::text_field(file, "client_secret");
  account->user_project_ = cloud::text_field(file, "workforce_pool_user_project");
  account->quota_project_ = cloud::text_field(file, "quota_project_id");
  const json::object* source = cloud::object_field(file, "credential_source");
  if (source == nullptr) return fields.missing("credential_source");
  if (auto read = read_source(*source, *account); !read) return read.error();
  if (cloud::text_field(file, "service_account_impersonation_url").empty()) {
    return OwnedTokenSource(std::move(account));
  }
  auto impersonation = fields.url("service_account_impersonation_url", "");
  if (!impersonation) return impersonation.error();
  std::string quota_project = account->quota_project_;
  return OwnedTokenSource(std::make_unique<ImpersonatedAccount>(
      std::move(surroundings), std::move(account), *std::move(impersonation),
      std::vector<std::string>(), std::move(quota_project)));
}

Result<void> ExternalAccount::read_source(const json::object& source, ExternalAccount& account) {
  if (source.contains("environment_id") || source.contains("executable")) {
    return Error(ErrorCode::not_supported,
                 "an external account is read from a file or a URL, and the credentials file names "
                 "neither",
                 "make one with a file or URL as its credential_source, or use another kind");
  }
  const FileFields fields(source, "credential_source");
  account.path_ = cloud::text_field(source, "file");
  if (account.path_.empty()) {
    auto url = fields.url("url", "");
    if (!url) return url.error();
    account.url_ = *std::move(url);
  }
  if (const json::object* headers = cloud::object_field(source, "headers")) {
    for (const auto& header : *headers) {
      const std::string_view name(header.key().data(), header.key().size());
      account.headers_.push_back({std::string(name), cloud::text_field(*headers, name)});
    }
  }
  const json::object* format = cloud::object_field(source, "format");
  if (format == nullptr || cloud::text_field(*format, "type") != "json") return {};
  return FileFields(*format, "format").read("subject_token_field_name", account.field_);
}

awaitable<Result<std::string>> ExternalAccount::subject_token(Deadline deadline) {
  std::string text;
  if (url_) {
    net::HttpRequest request;
    request.headers = headers_;
    auto sending = cloud::send_patiently(*surroundings_->transport, *url_, std::move(request),
                                         cloud::Patience(), deadline);
    Result<net::HttpResponse> response = co_await std::move(sending);
    if (!response) co_return response.error();
    if (response->status != 200) {
      co_return no_subject_token(to_string(*url_) + " answers " + std::to_string(response->status));
    }
    text = std::move(response->body);
  } else {
    Result<std::optional<std::string>> file = surroundings_->file(path_);
    if (!file) co_return no_subject_token(file.error().message());
    if (!*file) co_return no_subject_token("there is no file " + quote(path_));
    text = **std::move(file);
  }
  if (!field_.empty()) {
    const auto document = cloud::parse_json_object(text);
    text = document ? cloud::text_field(*document, field_) : std::string();
  }
  text = trimmed(std::move(text));
  if (text.empty()) co_return no_subject_token("there is none where it should be");
  co_return text;
}

net::HttpRequest ExternalAccount::exchange(std::string subject_token) const {
  FormFields fields;
  fields.emplace_back("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
  fields.emplace_back("requested_token_type", "urn:ietf:params:oauth:token-type:access_token");
  fields.emplace_back("audience", audience_);
  fields.emplace_back("scope", cloud_scope);
  fields.emplace_back("subject_token_type", subject_token_type_);
  fields.emplace_back("subject_token", std::move(subject_token));
  if (!user_project_.empty() && client_id_.empty()) {
    json::object options;
    options["userProject"] = user_project_;
    fields.emplace_back("options", json::serialize(options));
  }
  net::HttpRequest request = form_request(fields);
  if (!client_id_.empty()) {
    request.headers.push_back(
        {"Authorization", "Basic " + base64(client_id_ + ":" + client_secret_)});
  }
  return request;
}

awaitable<Result<GoogleAccessToken>> ExternalAccount::fetch(Deadline deadline) {
  auto reading = subject_token(deadline);
  Result<std::string> subject = co_await std::move(reading);
  if (!subject) co_return subject.error();
  auto sending = cloud::send_patiently(*surroundings_->transport, token_url_,
                                       exchange(*std::move(subject)), cloud::Patience(), deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return response.error();
  co_return read_token(*response, name(), *surroundings_->clock);
}

}  // namespace semantrix::gcp
