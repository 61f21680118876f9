#include "cloud/aws/sts.hpp"

#include "cloud/aws/sts_reply.hpp"
#include "protocol/sigv4/encode.hpp"
#include "protocol/sigv4/signer.hpp"

#include <array>
#include <utility>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

constexpr cloud::Patience patience{milliseconds(3'000), milliseconds(5'000), 3, milliseconds(200)};

void add_field(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  form.append(form.empty() ? "" : "&").append(name).append("=");
  sigv4::append_encoded(form, value);
}

std::string form_of(std::string_view action, const RoleRequest& role,
                    const cloud::Surroundings& surroundings) {
  std::string name = role.session_name;
  if (name.empty()) {
    name =
        "semantrix-" + std::to_string(cloud::wall_seconds(surroundings).time_since_epoch().count());
  }
  std::string form;
  add_field(form, "Action", action);
  add_field(form, "Version", "2011-06-15");
  add_field(form, "RoleArn", role.role_arn);
  add_field(form, "RoleSessionName", name);
  add_field(form, "ExternalId", role.external_id);
  add_field(form, "DurationSeconds", std::to_string(role.duration.count()));
  return form;
}

net::HttpRequest post(const cloud::HttpUrl& url, std::string form) {
  net::HttpRequest request;
  request.method = "POST";
  request.target = url.target;
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.body = std::move(form);
  return request;
}

void sign(net::HttpRequest& request, const ServiceEndpoint& sts, const Credentials& base,
          std::chrono::sys_seconds now) {
  const std::string host = cloud::host_of(sts.url);
  const std::array<sigv4::Header, 2> headers = {
      {{"Host", host}, {"Content-Type", request.headers.front().value}}};
  const std::string hash = sigv4::body_hash(request.body);
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  const std::string_view target = request.target;
  const sigv4::Request to_sign{"POST", target.substr(0, question),
                               target.substr(std::min(question + 1, target.size())), headers, hash};
  const sigv4::Signer signer(sts.signing_region, "sts");
  const auto signature =
      signer.sign({base.access_key_id, base.secret_access_key, base.session_token}, to_sign, now);
  request.headers.push_back({"Host", host});
  request.headers.push_back({"X-Amz-Date", signature.date});
  if (!base.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", base.session_token});
  }
  request.headers.push_back({"Authorization", signature.authorization});
}

awaitable<Result<Credentials>> ask(cloud::SharedSurroundings surroundings, cloud::HttpUrl url,
                                   net::HttpRequest request, cloud::Transport::Deadline deadline) {
  auto sending = cloud::send_patiently(*surroundings->transport, std::move(url), std::move(request),
                                       patience, deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return response.error();
  if (response->status != 200) co_return parse_sts_error(response->status, response->body);
  co_return parse_sts_reply(response->body);
}

}  // namespace

Result<ServiceEndpoint> sts_endpoint(const EndpointQuestion& question) {
  if (!question.region.empty()) {
    auto endpoint = regional_endpoint("sts", question);
    return endpoint;
  }
  EndpointQuestion global = question;
  global.region = "us-east-1";
  auto endpoint = regional_endpoint("sts", global);
  if (endpoint && question.endpoint_url.empty()) {
    endpoint->url.endpoint.host = "sts.amazonaws.com";
  }
  return endpoint;
}

awaitable<Result<Credentials>> assume_role(cloud::SharedSurroundings surroundings,
                                           ServiceEndpoint sts, RoleRequest role, Credentials base,
                                           cloud::Transport::Deadline deadline) {
  net::HttpRequest request = post(sts.url, form_of("AssumeRole", role, *surroundings));
  sign(request, sts, base, cloud::wall_seconds(*surroundings));
  auto asking = ask(std::move(surroundings), std::move(sts.url), std::move(request), deadline);
  Result<Credentials> found = co_await std::move(asking);
  co_return found;
}

awaitable<Result<Credentials>> assume_role_with_web_identity(cloud::SharedSurroundings surroundings,
                                                             ServiceEndpoint sts, RoleRequest role,
                                                             std::string token,
                                                             cloud::Transport::Deadline deadline) {
  std::string form = form_of("AssumeRoleWithWebIdentity", role, *surroundings);
  add_field(form, "WebIdentityToken", token);
  net::HttpRequest request = post(sts.url, std::move(form));
  auto asking = ask(std::move(surroundings), std::move(sts.url), std::move(request), deadline);
  Result<Credentials> found = co_await std::move(asking);
  co_return found;
}

}  // namespace semantrix::aws
