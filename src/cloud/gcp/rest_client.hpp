#pragma once

#include "cloud/access/http_url.hpp"
#include "cloud/gcp/google_error.hpp"
#include "cloud/gcp/token_provider.hpp"
#include "net/http_client.hpp"
#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::gcp {

/// What came back: a document, or what the service says against it.
struct RestAnswer {
  boost::json::object document = {};
  std::optional<GoogleFault> fault = std::nullopt;
};

/// One of Google's REST interfaces: JSON over HTTPS, with an access token. Connections stay open.
/// Thread-safe.
class RestClient {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `url` is the interface's: "https://redis.googleapis.com".
  RestClient(boost::asio::any_io_executor executor, std::shared_ptr<TokenProvider> tokens,
             std::string url, TlsOptions tls);
  ~RestClient();
  RestClient(const RestClient&) = delete;
  RestClient& operator=(const RestClient&) = delete;

  /// GET, again where that may help: 408, 429, 5xx, lost connections. A 401 gets a new token, once.
  /// Errors: the token's, those of the network, protocol_error (no JSON).
  [[nodiscard]] boost::asio::awaitable<Result<RestAnswer>> get(std::string target,
                                                               TimePoint deadline);
  /// POST, once, but for the 401.
  [[nodiscard]] boost::asio::awaitable<Result<RestAnswer>> post(std::string target,
                                                                boost::json::object body,
                                                                TimePoint deadline);

  /// Fails what is under way. Does not block.
  void close();
  /// The same, and comes back when every connection is closed.
  [[nodiscard]] boost::asio::awaitable<void> closed();
  /// In a child of `fork`: lets go of the parent's connections without a word on them.
  void forget() noexcept;

 private:
  [[nodiscard]] Result<std::shared_ptr<net::HttpClient>> client();
  [[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> send(net::HttpRequest request,
                                                                       TimePoint deadline);
  [[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> send_with(
      net::HttpRequest request, const Token& token, TimePoint deadline);

  const boost::asio::any_io_executor executor_;
  const std::shared_ptr<TokenProvider> tokens_;
  const std::string url_;
  const TlsOptions tls_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<net::HttpClient> client_;
  std::string base_;  ///< The path of the URL, in front of every target.
  bool closed_ = false;
};

}  // namespace semantrix::gcp
