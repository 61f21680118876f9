#pragma once

#include "cloud/access/transport.hpp"
#include "net/tls_context.hpp"
#include <semantrix/tls_options.hpp>

#include <memory>
#include <mutex>

namespace semantrix::cloud {

/// Over the network, on the caller's executor, with a connection for each request.
class NetTransport final : public Transport {
 public:
  /// The files that the options name are read at the first https request.
  explicit NetTransport(TlsOptions tls = {});

  [[nodiscard]] boost::asio::awaitable<Result<net::HttpResponse>> send(HttpUrl url,
                                                                       net::HttpRequest request,
                                                                       Patience patience,
                                                                       Deadline deadline) override;
  [[nodiscard]] boost::asio::awaitable<Result<std::vector<std::string>>> resolve(
      net::Endpoint endpoint, Deadline deadline) override;

 private:
  [[nodiscard]] Result<std::shared_ptr<net::TlsContext>> context();

  TlsOptions tls_;
  std::mutex mutex_;
  std::shared_ptr<net::TlsContext> context_;
};

}  // namespace semantrix::cloud
