#include "cloud/access/net_transport.hpp"

#include "net/http_client.hpp"
#include "net/look_up.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace semantrix::cloud {
namespace {

using boost::asio::awaitable;

// No answer of these services comes near it.
constexpr std::size_t largest_body = std::size_t{4} * 1024 * 1024;

bool deserves_another(const Result<net::HttpResponse>& response) {
  if (!response) return response.error().retryable();
  return response->status == 408 || response->status == 429 || response->status >= 500;
}

}  // namespace

NetTransport::NetTransport(TlsOptions tls) : tls_(std::move(tls)) {}

Result<std::shared_ptr<net::TlsContext>> NetTransport::context() {
  const std::lock_guard lock(mutex_);
  if (context_) return context_;
  auto made = net::make_tls_context(tls_);
  if (made) context_ = *made;
  return made;
}

awaitable<Result<net::HttpResponse>> NetTransport::send(HttpUrl url, net::HttpRequest request,
                                                        Patience patience, Deadline deadline) {
  net::HttpEndpoint to;
  to.endpoint = url.endpoint;
  if (url.tls) {
    auto tls = context();
    if (!tls) co_return tls.error();
    to.tls = *tls;
  }
  net::HttpOptions options;
  options.max_connections = 1;
  options.connect_timeout = patience.connect;
  options.read_timeout = patience.read;
  options.max_body_bytes = largest_body;
  request.target = url.target;
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  net::HttpClient client(executor, std::move(to), options);
  auto sending = client.send(std::move(request), deadline);
  Result<net::HttpResponse> response = co_await std::move(sending);
  auto closing = client.closed();
  co_await std::move(closing);
  co_return response;
}

awaitable<Result<std::vector<std::string>>> NetTransport::resolve(net::Endpoint endpoint,
                                                                  Deadline deadline) {
  auto looking = net::look_up(std::move(endpoint), deadline);
  const Result<net::Addresses> addresses = co_await std::move(looking);
  if (!addresses) co_return addresses.error();
  std::vector<std::string> texts;
  for (const auto& each : *addresses) texts.push_back(each.address().to_string());
  co_return texts;
}

awaitable<Result<net::HttpResponse>> send_patiently(Transport& transport, HttpUrl url,
                                                    net::HttpRequest request, Patience patience,
                                                    Transport::Deadline deadline) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (int attempt = 1;; ++attempt) {
    auto sending = transport.send(url, request, patience, deadline);
    Result<net::HttpResponse> response = co_await std::move(sending);
    const auto resume = std::chrono::steady_clock::now() + patience.pause;
    if (attempt >= patience.attempts || !deserves_another(response) || resume >= deadline) {
      co_return response;
    }
    timer.expires_at(resume);
    auto waiting = timer.async_wait(boost::asio::use_awaitable);
    co_await std::move(waiting);
    patience.pause *= 2;
  }
}

}  // namespace semantrix::cloud
