#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/instance.hpp"
#include "cloud/gcp/rest_client.hpp"
#include "cloud/gcp/token_provider.hpp"
#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace semantrix::gcp {

/// What an instance is created with.
struct NewInstance {
  std::int64_t memory_size_gb = 1;
  MemorystoreTier tier = MemorystoreTier::basic;
  std::string redis_version = {};       ///< Empty: the service's own.
  std::string authorized_network = {};  ///< Empty: the service's own.
};

/// Work that the service does in minutes. Its name is all that is needed to ask for it later, also
/// from another process, for some hours.
struct Operation {
  std::string name = {};  ///< "projects/P/locations/R/operations/O"
  bool done = false;
  std::optional<Error> error = std::nullopt;  ///< Why it failed, once it is done.
};

/// How often an operation is asked for: first after so long, then half as long again each time.
struct PollTiming {
  std::chrono::milliseconds first{5'000};
  std::chrono::milliseconds longest{60'000};
};

/// Memorystore's administrative interface (REST), of one flavor. Thread-safe; every question ends
/// by its deadline and can be cancelled. What it refers to must outlive it.
class Memorystore {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Told after each look at an operation.
  using Progress = std::function<void(const Operation&, std::chrono::milliseconds elapsed)>;

  Memorystore(const boost::asio::any_io_executor& executor, const GoogleAccess& access,
              MemorystoreFlavor flavor,
              cloud::SharedSurroundings surroundings = cloud::process_surroundings());

  /// The instance with its authorities. Errors: `invalid_argument` where there is none of that
  /// name, which says where there is one; permission_denied with the permission; no_credentials,
  /// authentication_failed, throttled, unavailable, protocol_error, those of the network.
  [[nodiscard]] boost::asio::awaitable<Result<SharedInstance>> get(const InstanceName& name,
                                                                   TimePoint deadline);

  /// Null where there is none; else as `get`.
  [[nodiscard]] boost::asio::awaitable<Result<SharedInstance>> look(const InstanceName& name,
                                                                    TimePoint deadline);

  /// All pages. The region "-" stands for all.
  [[nodiscard]] boost::asio::awaitable<Result<MemorystoreInstances>> list(std::string project,
                                                                          std::string region,
                                                                          TimePoint deadline);

  /// The password of an instance that asks for one: a secret. Empty where AUTH is off.
  [[nodiscard]] boost::asio::awaitable<Result<std::string>> auth_string(const InstanceName& name,
                                                                        TimePoint deadline);

  /// Asks for an instance with AUTH and TLS. Not asked twice: where the outcome is unknown, or
  /// there is such an instance already, that one is adopted, and the operation has no name.
  [[nodiscard]] boost::asio::awaitable<Result<Operation>> create(const InstanceName& name,
                                                                 const NewInstance& instance,
                                                                 TimePoint deadline);

  [[nodiscard]] boost::asio::awaitable<Result<Operation>> operation(std::string name,
                                                                    TimePoint deadline);

  /// Until it is done, or the deadline: the last that was seen of it. Ends with its error, if it
  /// has one; `timeout` names the operation, which goes on.
  [[nodiscard]] boost::asio::awaitable<Result<void>> wait(std::string name, PollTiming timing,
                                                          Progress progress, TimePoint deadline);

  [[nodiscard]] const std::shared_ptr<TokenProvider>& tokens() const noexcept { return tokens_; }

  void close() { rest_.close(); }
  [[nodiscard]] boost::asio::awaitable<void> closed() { return rest_.closed(); }
  void forget() noexcept { rest_.forget(); }

 private:
  [[nodiscard]] boost::asio::awaitable<Result<void>> add_authorities(MemorystoreInstance& instance,
                                                                     TimePoint deadline);
  [[nodiscard]] boost::asio::awaitable<Error> not_there(const InstanceName& name,
                                                        TimePoint deadline);
  [[nodiscard]] boost::asio::awaitable<Result<std::string>> list_page(std::string folder,
                                                                      std::string page_token,
                                                                      MemorystoreInstances& into,
                                                                      TimePoint deadline);

  const MemorystoreFlavor flavor_;
  const std::shared_ptr<TokenProvider> tokens_;
  RestClient rest_;
};

}  // namespace semantrix::gcp
