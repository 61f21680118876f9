#pragma once

#include "net/endpoint.hpp"
#include "net/http_message.hpp"
#include "net/tls_context.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace semantrix::net {

class HttpPool;

/// Whom a client calls.
struct HttpEndpoint {
  /// Host and port of the URL: the Host header (without the port where it is the scheme's own), the
  /// name that TLS verifies, and where to connect.
  Endpoint endpoint = {};
  std::shared_ptr<TlsContext> tls = nullptr;  ///< Null: http. Else https.
  /// Where to connect instead; the name stays as it is. Default: `endpoint`.
  std::optional<Endpoint> connect_to = std::nullopt;
};

/// What goes into the Host header, and into a signature.
[[nodiscard]] std::string host_header(const HttpEndpoint& endpoint);

struct HttpOptions {
  /// Connections at once, at most. They open as load asks for them.
  std::size_t max_connections = 32;
  /// Resolve, connect and TLS, together.
  std::chrono::milliseconds connect_timeout{1'000};
  /// From the moment the request is on its way until the last byte of its response.
  std::chrono::milliseconds read_timeout{500};
  /// A connection that was idle for longer is closed and not used again: servers drop idle ones
  /// after about a minute, and a request that crosses that is lost.
  std::chrono::milliseconds idle_timeout{20'000};
  std::size_t max_head_bytes = std::size_t{64} * 1024;
  std::size_t max_body_bytes = std::size_t{32} * 1024 * 1024;
};

/// Counts since the client was made.
struct HttpCounts {
  std::uint64_t requests = 0;
  std::uint64_t connects = 0;  ///< Connections that were opened.
  std::uint64_t resent = 0;    ///< Requests that met an idle connection's end and went again.
};

/// An HTTP/1.1 client for one endpoint, with a pool of connections that stay open.
///
/// A request takes the connection that was used last, else opens one, else waits until one is free.
/// A connection stays open whatever the status says, unless the peer wants it closed. Where a
/// reused connection ends before a byte of the response has come, the request goes once more over
/// another: such an end usually crossed it. Redirections are not followed; nothing is asked to be
/// compressed. A request whose caller gave up is finished for nobody, or
/// its connection is closed, so that no response reaches another caller.
///
/// Thread-safe. Connections live on strands of the executor, whose context must outlive the client.
/// Opens nothing before the first request. The destructor does not block: it closes the client.
class HttpClient {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  HttpClient(const boost::asio::any_io_executor& executor, HttpEndpoint endpoint,
             HttpOptions options = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends a request and gives its response, whatever its status. Errors: those of `dial`; timeout
  /// (the phase tells how far it came), connection_lost, protocol_error (not HTTP, or a body or
  /// head above the limits), cancelled, closed. Resumes on the caller's executor. The client must
  /// outlive the start of the call alone.
  [[nodiscard]] boost::asio::awaitable<Result<HttpResponse>> send(HttpRequest request,
                                                                  TimePoint deadline);

  /// Fails what is under way with `closed`, and what comes later. Does not block.
  void close();
  /// The same, and comes back when every connection is closed.
  [[nodiscard]] boost::asio::awaitable<void> closed();
  /// In a child of `fork`: lets go of the parent's connections without a word on them. Nothing else
  /// may be done with the client there, not even destroying it.
  void forget() noexcept;

  [[nodiscard]] HttpCounts counts() const;
  [[nodiscard]] const HttpEndpoint& endpoint() const noexcept;

 private:
  std::shared_ptr<HttpPool> pool_;
};

}  // namespace semantrix::net
