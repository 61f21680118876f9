#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/executor.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace semantrix {

/// Options of a `MetricsServer`.
struct MetricsServerOptions {
  /// An address of this machine; "0.0.0.0" and "::" are all of them. There is no login: whoever
  /// reaches the address may read. Default: this machine alone.
  std::string address = "127.0.0.1";

  /// 0: a free one. Default 9464.
  std::uint16_t port = 9464;

  /// At once; further ones are closed as they come. At least 1. Default 16.
  std::size_t max_connections = 16;

  /// From the connection to the last byte of its answer. Positive. Default 5 s.
  std::chrono::milliseconds timeout{5'000};
};

/// Answers GET and HEAD of /metrics over HTTP, for Prometheus and `semantrix top`. Nothing listens
/// unless one is made and started.
///
///     semantrix::MetricsServer server(store);
///     server.start();  // http://127.0.0.1:9464/metrics
///
/// One request a connection. A request that is malformed, too long, for anything else or with
/// another method is refused with a 4xx status; a slow one is cut off. Figures are asked for when
/// they are fetched; a source that fails is a 500 with its sentence. Thread-safe. The executor's
/// context must outlive it.
class MetricsServer {
 public:
  /// What is told, in Prometheus's text format. Called on the server's executor, perhaps several
  /// times at once; may throw.
  using Source = std::function<awaitable<std::string>()>;

  /// Tells `metrics_text` of the store.
  explicit MetricsServer(std::shared_ptr<CacheStore> store, MetricsServerOptions options = {},
                         const boost::asio::any_io_executor& executor = library_executor());
  /// Tells what the program likes: several stores, or other figures besides.
  explicit MetricsServer(Source source, MetricsServerOptions options = {},
                         const boost::asio::any_io_executor& executor = library_executor());
  /// As `stop`.
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  /// Listens from now on; the port. Throws `CacheError`: invalid_argument (not an address, an
  /// option out of its bounds), busy (the port is another's, or the server was started before),
  /// permission_denied, connect_failed (the system's words).
  std::uint16_t start();

  /// Closes every socket, soon after it returns. For good; does not block.
  void stop() noexcept;

 private:
  class Core;
  const std::shared_ptr<Core> core_;
};

}  // namespace semantrix
