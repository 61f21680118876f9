#include "cloud/aws/container_credentials.hpp"

#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"
#include "cloud/aws/credentials_document.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

constexpr std::string_view agent = "http://169.254.170.2";
constexpr auto agents =
    std::to_array<std::string_view>({"169.254.170.2", "169.254.170.23", "fd00:ec2::23"});
constexpr cloud::Patience patience{milliseconds(2'000), milliseconds(2'000), 3,
                                   milliseconds(1'000)};

bool may_be_asked(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error) return false;
  return parsed.is_loopback() ||
         std::find(agents.begin(), agents.end(), parsed.to_string()) != agents.end();
}

Error forbidden_host(const std::string& host) {
  return {ErrorCode::invalid_argument,
          "AWS_CONTAINER_CREDENTIALS_FULL_URI names " + quote(host) +
              ", which may not be asked for credentials without TLS",
          "use https, this machine's loopback, or an agent's address"};
}

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

/// What the agent says in words.
std::string words(const std::string& body) {
  const auto object = cloud::parse_json_object(body);
  return object ? cloud::text_field(*object, "message") : std::string();
}

}  // namespace

ContainerCredentials::ContainerCredentials(cloud::SharedSurroundings surroundings)
    : surroundings_(std::move(surroundings)) {}

Result<std::string> ContainerCredentials::token() const {
  std::string token = surroundings_->variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  const std::string path = surroundings_->variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!path.empty()) {
    Result<std::optional<std::string>> text = surroundings_->file(path);
    if (!text) return text.error();
    if (!*text) {
      return Error(ErrorCode::no_credentials, "there is no file " + quote(path),
                   "correct AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    }
    token = **std::move(text);
    while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
  }
  if (is_plain(token)) return token;
  return Error(ErrorCode::invalid_argument,
               "the container's authorization token has more than one line",
               "write the token alone into its file or variable");
}

awaitable<Result<void>> ContainerCredentials::check_host(cloud::HttpUrl url, Deadline deadline) {
  if (url.tls) co_return Result<void>();
  // A name is as good as the worst of its addresses.
  auto resolving = surroundings_->transport->resolve(url.endpoint, deadline);
  const Result<std::vector<std::string>> addresses = co_await std::move(resolving);
  if (!addresses) co_return addresses.error();
  for (const std::string& address : *addresses) {
    if (!may_be_asked(address)) co_return forbidden_host(url.endpoint.host);
  }
  co_return Result<void>();
}

awaitable<Result<std::optional<Credentials>>> ContainerCredentials::fetch(Deadline deadline) {
  const std::string path = surroundings_->variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string full = surroundings_->variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (path.empty() && full.empty()) co_return std::optional<Credentials>();
  const Result<cloud::HttpUrl> url =
      cloud::parse_http_url(path.empty() ? full : std::string(agent) + path);
  if (!url) co_return url.error();
  auto checking = check_host(*url, deadline);
  const Result<void> checked = co_await std::move(checking);
  if (!checked) co_return checked.error();
  Result<std::string> authorization = token();
  if (!authorization) co_return authorization.error();
  net::HttpRequest request;
  request.headers.push_back({"Accept", "application/json"});
  if (!authorization->empty()) {
    request.headers.push_back({"Authorization", *std::move(authorization)});
  }
  auto sending = cloud::send_patiently(*surroundings_->transport, *url, std::move(request),
                                       patience, deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  if (!response) co_return response.error();
  if (response->status != 200) {
    co_return refused_with(response->status, "the container's agent", words(response->body));
  }
  Result<Credentials> found = parse_credentials(response->body, "Token", "the container's agent");
  if (!found) co_return found.error();
  co_return std::optional(*std::move(found));
}

}  // namespace semantrix::aws
