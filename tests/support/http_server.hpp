#pragma once

#include "support/endpoint.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::testing {

/// A request as it arrived, byte for byte.
struct HttpArrival {
  std::size_t connection = 0;  ///< 0 being the first.
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  ///< As they were sent.
  std::string body;

  /// The first header of that name, in any case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// What the server does about a request.
struct HttpReply {
  std::string bytes;  ///< Written as they are: none for silence.
  bool close = false;
  std::chrono::milliseconds delay{0};
};

/// A whole response with its length.
[[nodiscard]] std::string http_response(int status, std::string_view body,
                                        std::string_view more_headers = {});

/// An HTTP/1.1 server that answers by a function. Thread-safe; works on a thread of its own, which
/// the destructor joins after closing everything.
class HttpServer {
 public:
  /// Runs on the server's thread, one call at a time.
  using Answer = std::function<HttpReply(const HttpArrival&)>;

  explicit HttpServer(Answer answer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Where it listens: a port of 127.0.0.1.
  [[nodiscard]] Endpoint endpoint() const;
  /// "http://127.0.0.1:PORT"
  [[nodiscard]] std::string url() const;
  /// In force when the call returns; not from within an answer.
  void answer(Answer answer);

  [[nodiscard]] std::vector<HttpArrival> arrivals() const;
  /// Accepted, ever.
  [[nodiscard]] std::size_t connections() const;
  /// Connections that are open.
  [[nodiscard]] std::size_t open_connections() const;
  /// Closes the connections that wait for a request; the others live on.
  void close_idle();

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace semantrix::testing
