#include "cloud/gcp/impersonated_account.hpp"

#include "cloud/access/json_fields.hpp"
#include "cloud/gcp/credentials_file.hpp"
#include "cloud/gcp/token_answer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
namespace json = boost::json;

std::vector<std::string> read_delegates(const json::object& file) {
  std::vector<std::string> delegates;
  const json::value* field = file.if_contains("delegates");
  if (field == nullptr || !field->is_array()) return delegates;
  for (const json::value& each : field->get_array()) {
    if (each.is_string()) delegates.emplace_back(each.get_string());
  }
  return delegates;
}

net::HttpRequest question(const std::vector<std::string>& delegates, const std::string& token) {
  json::object body;
  body["scope"] = json::array{json::string_view(cloud_scope.data(), cloud_scope.size())};
  body["lifetime"] = "3600s";
  if (!delegates.empty()) body["delegates"] = json::array(delegates.begin(), delegates.end());
  net::HttpRequest request;
  request.method = "POST";
  request.headers.push_back({"Content-Type", "application/json"});
  request.headers.push_back({"Authorization", "Bearer " + token});
  request.body = json::serialize(body);
  return request;
}

}  // namespace

ImpersonatedAccount::ImpersonatedAccount(cloud::SharedSurroundings surroundings,
                                         OwnedTokenSource source, cloud::HttpUrl url,
                                         std::vector<std::string> delegates,
                                         std::string quota_project)
    : surroundings_(std::move(surroundings)),
      source_(std::move(source)),
      url_(std::move(url)),
      delegates_(std::move(delegates)),
      quota_project_(std::move(quota_project)) {}

Result<OwnedTokenSource> ImpersonatedAccount::make(const json::object& file,
                                                   cloud::SharedSurroundings surroundings) {
  const FileFields fields(file, "an impersonated service account");
  auto url = fields.url("service_account_impersonation_url", "");
  if (!url) return url.error();
  const json::object* nested = cloud::object_field(file, "source_credentials");
  if (nested == nullptr) return fields.missing("source_credentials");
  auto source = token_source_of(*nested, surroundings, true);
  if (!source) return source.error();
  return OwnedTokenSource(std::make_unique<ImpersonatedAccount>(
      std::move(surroundings), *std::move(source), *std::move(url), read_delegates(file),
      cloud::text_field(file, "quota_project_id")));
}

std::string ImpersonatedAccount::name() const {
  // ".../serviceAccounts/EMAIL:generateAccessToken"
  const std::string& target = url_.target;
  const auto begin = target.rfind('/') + 1;
  return "the impersonated account " + target.substr(begin, target.rfind(':') - begin);
}

awaitable<Result<GoogleAccessToken>> ImpersonatedAccount::fetch(Deadline deadline) {
  auto asking = source_->fetch(deadline);
  const Result<GoogleAccessToken> own = co_await std::move(asking);
  if (!own) co_return own.error();
  auto sending =
      cloud::send_patiently(*surroundings_->transport, url_, question(delegates_, own->token),
                            cloud::Patience(), deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return response.error();
  co_return read_impersonated_token(*response, name());
}

}  // namespace semantrix::gcp
