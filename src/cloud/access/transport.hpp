#pragma once

#include "cloud/access/http_url.hpp"
#include "net/http_message.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace semantrix::cloud {

/// How long one request may take, within its deadline.
struct Patience {
  std::chrono::milliseconds connect{3'000};
  std::chrono::milliseconds read{5'000};
  int attempts = 3;                      ///< The first included.
  std::chrono::milliseconds pause{200};  ///< Before the second one; doubled for each later one.
};

/// How credentials and administrative answers are fetched: few requests, far apart. Tests give one
/// that answers from memory.
class Transport {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// The response to one request, whatever its status. `request.target` is that of the URL.
  /// Errors: those of `net::HttpClient::send`.
  [[nodiscard]] virtual boost::asio::awaitable<Result<net::HttpResponse>> send(
      HttpUrl url, net::HttpRequest request, Patience patience, Deadline deadline) = 0;

  /// The addresses of a host, as text.
  [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<std::string>>> resolve(
      net::Endpoint endpoint, Deadline deadline) = 0;
};

/// `send` until there is a response that is neither 408, 429 nor 5xx, as often as the patience
/// says. Gives the last response or error. For requests that may be made twice.
[[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> send_patiently(
    Transport& transport, HttpUrl url, net::HttpRequest request, Patience patience,
    Transport::Deadline deadline);

}  // namespace semantrix::cloud
