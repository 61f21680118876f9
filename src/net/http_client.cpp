#include "net/http_client.hpp"

#include "net/handled_call.hpp"
#include "net/http_pool.hpp"
#include "protocol/http/message.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace semantrix::net {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

using Pool = std::shared_ptr<HttpPool>;

/// Completes with `Result<HttpResponse>` on the handler's executor.
template <class Token>
auto async_send(Pool pool, HttpRequest request, HttpClient::TimePoint deadline, Token&& token) {
  auto initiation = [deadline](auto handler, const Pool& to, HttpRequest message) {
    using Sent = HandledCall<HttpResponse*, HttpDecoder, decltype(handler)>;
    auto* call = Sent::create(HttpDecoder(), std::move(handler), to->executor());
    auto slot = call->cancellation_slot();
    std::string head = http::encode_head(message, to->host());
    auto exchange =
        std::make_shared<HttpExchange>(call, std::move(head), std::move(message.body), deadline);
    if (slot.is_connected()) {
      // Not held by it: a caller that has its answer keeps nothing of the request.
      const std::weak_ptr<HttpExchange> to_cancel = exchange;
      slot.assign([to_cancel](boost::asio::cancellation_type) {
        if (const auto cancelled = to_cancel.lock()) cancelled->cancel();
      });
    }
    to->submit(std::move(exchange));
  };
  return boost::asio::async_initiate<Token, void(Result<HttpResponse>)>(
      std::move(initiation), token, std::move(pool), std::move(request));
}

}  // namespace

std::string host_header(const HttpEndpoint& endpoint) {
  const auto& [host, port] = endpoint.endpoint;
  const bool usual = port == (endpoint.tls ? https_port : http_port);
  if (!usual) return to_string(endpoint.endpoint);
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

HttpClient::HttpClient(const boost::asio::any_io_executor& executor, HttpEndpoint endpoint,
                       HttpOptions options)
    : pool_(std::make_shared<HttpPool>(executor, std::move(endpoint), options)) {}

HttpClient::~HttpClient() {
  if (pool_) pool_->close();
}

boost::asio::awaitable<Result<HttpResponse>> HttpClient::send(HttpRequest request,
                                                              TimePoint deadline) {
  return async_send(pool_, std::move(request), deadline, boost::asio::use_awaitable);
}

void HttpClient::close() { pool_->close(); }

boost::asio::awaitable<void> HttpClient::closed() {
  const Pool pool = pool_;
  const std::vector<HttpPool::Connection> open = pool->connections();
  pool->close();
  for (const auto& connection : open) {
    // After what `close` posted there.
    auto reached = boost::asio::post(connection->strand(), boost::asio::use_awaitable);
    co_await std::move(reached);
  }
}

void HttpClient::forget() noexcept { pool_->forget_sockets(); }

HttpCounts HttpClient::counts() const { return pool_->counts(); }
const HttpEndpoint& HttpClient::endpoint() const noexcept { return pool_->endpoint(); }

}  // namespace semantrix::net
