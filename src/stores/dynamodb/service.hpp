#pragma once

#include "cloud/aws/credentials_provider.hpp"
#include "cloud/aws/endpoint.hpp"
#include "net/circuit_breaker.hpp"
#include "net/http_attempts.hpp"
#include "net/http_client.hpp"
#include "protocol/dynamodb/failure.hpp"
#include "protocol/dynamodb/requests.hpp"
#include "protocol/sigv4/signer.hpp"
#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>
#include <semantrix/tls_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace semantrix::dynamodb {

/// Whom to ask, and as whom. Checked already.
struct ServiceOptions {
  std::string table;
  aws::EndpointQuestion endpoint;  ///< What the store's options say of it.
  std::string profile;
  std::shared_ptr<aws::CredentialsProvider> credentials;
  TlsOptions tls;
  NetworkOptions network;
  boost::asio::any_io_executor executor;
};

/// What became of a call: the body of its response, or why there is none.
struct Answer {
  std::string body;
  std::optional<Error> error;             ///< With the number of attempts.
  FailureKind kind = FailureKind::other;  ///< Of the error.
};

/// DynamoDB, as one table's requests see it: finds the endpoint, signs, sends, checks, and tries
/// again where that may help. Thread-safe. Does nothing before the first call.
class Service {
 public:
  using Attempts = net::HttpAttempts;
  using Clock = std::chrono::steady_clock;

  explicit Service(ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Asks until there is an answer, or no attempt is left. The service and the arguments must
  /// outlive the call.
  [[nodiscard]] boost::asio::awaitable<Answer> call(Action action, const std::string& body,
                                                    Attempts& attempts);
  /// Waits, as between two attempts.
  [[nodiscard]] static boost::asio::awaitable<void> wait(std::chrono::nanoseconds pause);

  [[nodiscard]] net::HttpRetryMeans& means() noexcept { return means_; }
  [[nodiscard]] const std::string& table() const noexcept { return options_.table; }
  [[nodiscard]] const ServiceOptions& options() const noexcept { return options_; }
  /// "https://dynamodb.us-west-2.amazonaws.com"; empty before the first call.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] net::HttpCounts counts() const;

  void close();
  [[nodiscard]] boost::asio::awaitable<void> closed();
  void forget() noexcept;

 private:
  /// Where requests go, once that is known.
  struct Target {
    Target(const boost::asio::any_io_executor& executor, net::HttpEndpoint endpoint,
           net::HttpOptions http, std::string region)
        : client(executor, std::move(endpoint), http),
          signer(std::move(region), "dynamodb"),
          host(net::host_header(client.endpoint())) {}
    net::HttpClient client;
    sigv4::Signer signer;
    std::string host;
    std::string url;
  };
  using SharedTarget = std::shared_ptr<Target>;

  /// One attempt's outcome.
  struct Reply {
    Answer answer;
    std::optional<std::chrono::milliseconds> pause;  ///< What the service asks for.
    std::optional<std::chrono::seconds> skew;        ///< Its clock's advance over ours.
    aws::SharedCredentials used;
  };

  [[nodiscard]] SharedTarget target() const;
  [[nodiscard]] boost::asio::awaitable<Result<SharedTarget>> find(Clock::time_point deadline);
  [[nodiscard]] Result<SharedTarget> make(const aws::EndpointQuestion& question);
  [[nodiscard]] boost::asio::awaitable<Result<aws::SharedCredentials>> credentials(
      Clock::time_point deadline);
  [[nodiscard]] boost::asio::awaitable<Reply> attempt(Action action, const std::string& body,
                                                      Clock::time_point deadline);
  [[nodiscard]] net::HttpRequest signed_request(const Target& to, Action action,
                                                const std::string& body,
                                                const aws::Credentials& credentials) const;
  [[nodiscard]] Reply understand(Action action, net::HttpResponse response) const;
  [[nodiscard]] bool mend(const Reply& reply);
  void note(const Answer& answer);

  const ServiceOptions options_;
  net::HttpRetryMeans means_;
  net::CircuitBreaker breaker_;
  std::atomic<std::int64_t> skew_s_{0};  // added to our clock before signing
  std::atomic<bool> closed_{false};

  mutable std::mutex mutex_;
  SharedTarget target_;
  std::optional<Error> last_failure_;
};

}  // namespace semantrix::dynamodb
