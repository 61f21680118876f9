#include "cloud/gcp/rest_client.hpp"

#include "cloud/access/json_fields.hpp"
#include "net/backoff.hpp"
#include "net/connection_errors.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <random>
#include <utility>

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

constexpr int most_attempts = 5;
constexpr net::Backoff backoff{milliseconds(100), milliseconds(2'000)};
constexpr int unauthorized = 401;

/// Few and far between, over the whole of a region's distance.
constexpr net::HttpOptions http_options{.max_connections = 4,
                                        .connect_timeout = milliseconds(5'000),
                                        .read_timeout = milliseconds(10'000),
                                        .max_body_bytes = std::size_t{32} * 1024 * 1024};

bool deserves_another(const Result<net::HttpResponse>& response) {
  if (!response) return response.error().retryable();
  switch (response->status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

Result<RestAnswer> read(const Result<net::HttpResponse>& response) {
  if (!response) return response.error();
  RestAnswer answer;
  if (response->status < 200 || response->status > 299) {
    answer.fault = google_fault(*response);
    return answer;
  }
  auto document = cloud::parse_json_object(response->body);
  if (!document) {
    const Error error(ErrorCode::protocol_error, "what answers at Google's address sends no JSON",
                      "check endpoint_url, and proxies on the way");
    return net::with_phase(error, Phase::received);
  }
  answer.document = *std::move(document);
  return answer;
}

}  // namespace

RestClient::RestClient(boost::asio::any_io_executor executor, std::shared_ptr<TokenProvider> tokens,
                       std::string url, TlsOptions tls)
    : executor_(std::move(executor)),
      tokens_(std::move(tokens)),
      url_(std::move(url)),
      tls_(std::move(tls)) {}

RestClient::~RestClient() = default;

void RestClient::close() {
  tokens_->close();
  const std::lock_guard lock(mutex_);
  closed_ = true;
  if (client_) client_->close();
}

awaitable<void> RestClient::closed() {
  close();
  std::shared_ptr<net::HttpClient> client;
  {
    const std::lock_guard lock(mutex_);
    client = client_;
  }
  if (!client) co_return;
  auto closing = client->closed();
  co_await std::move(closing);
}

void RestClient::forget() noexcept {
  if (mutex_.try_lock() && client_) client_->forget();
}

Result<std::shared_ptr<net::HttpClient>> RestClient::client() {
  const std::lock_guard lock(mutex_);
  if (closed_) return net::store_closed();
  if (client_) return client_;
  auto url = cloud::parse_http_url(url_);
  if (!url) return url.error();
  net::HttpEndpoint to;
  to.endpoint = url->endpoint;
  if (url->tls) {
    auto tls = net::make_tls_context(tls_);
    if (!tls) return tls.error();
    to.tls = *tls;
  }
  base_ = url->target;
  while (base_.ends_with('/')) base_.pop_back();
  client_ = std::make_shared<net::HttpClient>(executor_, std::move(to), http_options);
  return client_;
}

awaitable<Result<net::HttpResponse>> RestClient::send_with(net::HttpRequest request,
                                                           const Token& token, TimePoint deadline) {
  const Result<std::shared_ptr<net::HttpClient>> client = this->client();
  if (!client) co_return client.error();
  request.target.insert(0, base_);
  request.headers.push_back({"Authorization", "Bearer " + token.token});
  if (!token.quota_project.empty()) {
    request.headers.push_back({"x-goog-user-project", token.quota_project});
  }
  auto sending = (*client)->send(std::move(request), deadline);
  co_return co_await std::move(sending);
}

awaitable<Result<net::HttpResponse>> RestClient::send(net::HttpRequest request,
                                                      TimePoint deadline) {
  for (bool again = false;; again = true) {
    auto asking = TokenProvider::get(tokens_, deadline);
    const Result<SharedToken> token = co_await std::move(asking);
    if (!token) co_return token.error();
    auto sending = send_with(request, **token, deadline);
    Result<net::HttpResponse> response = co_await std::move(sending);
    if (again || !response || response->status != unauthorized) co_return response;
    tokens_->reject(*token);
  }
}

awaitable<Result<RestAnswer>> RestClient::get(std::string target, TimePoint deadline) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  std::minstd_rand random(std::random_device{}());
  net::HttpRequest request;
  request.target = std::move(target);
  request.headers.push_back({"Accept", "application/json"});
  for (int attempt = 0;; ++attempt) {
    auto sending = send(request, deadline);
    Result<net::HttpResponse> response = co_await std::move(sending);
    const auto resume =
        std::chrono::steady_clock::now() + net::full_jitter(backoff, attempt, random);
    if (attempt + 1 == most_attempts || !deserves_another(response) || resume >= deadline) {
      co_return read(response);
    }
    timer.expires_at(resume);
    boost::system::error_code stopped;
    auto waiting =
        timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, stopped));
    co_await std::move(waiting);
    if (stopped) co_return read(response);
  }
}

awaitable<Result<RestAnswer>> RestClient::post(std::string target, boost::json::object body,
                                               TimePoint deadline) {
  net::HttpRequest request;
  request.method = "POST";
  request.target = std::move(target);
  request.headers.push_back({"Content-Type", "application/json"});
  request.body = boost::json::serialize(body);
  auto sending = send(std::move(request), deadline);
  const Result<net::HttpResponse> response = co_await std::move(sending);
  co_return read(response);
}

}  // namespace semantrix::gcp
