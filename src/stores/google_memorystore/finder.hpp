#pragma once

#include "cloud/access/single_flight.hpp"
#include "cloud/gcp/memorystore.hpp"
#include "net/tls_context.hpp"
#include "stores/redis/locator.hpp"
#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace semantrix::memorystore {

/// Finds an instance by its name: asks Google for its address, its authorities and its AUTH string,
/// keeps what it learns, and asks again when a connection could not be made with it.
///
/// One question at a time, in the background: it goes on where a caller's deadline ends, and the
/// next caller gets its answer. While nothing new comes of it, it is asked ever less often.
/// Thread-safe.
class Finder final : public redis::Locator, public std::enable_shared_from_this<Finder> {
 public:
  [[nodiscard]] static std::shared_ptr<Finder> make(const GoogleMemorystoreOptions& options,
                                                    const boost::asio::any_io_executor& executor);

  [[nodiscard]] boost::asio::awaitable<Result<redis::SharedPlace>> locate(
      net::Endpoint endpoint, TimePoint deadline) override;
  [[nodiscard]] bool doubt(const redis::Place& place, const Error& why) override;

  /// The instance as Google describes it now.
  [[nodiscard]] static boost::asio::awaitable<Result<gcp::SharedInstance>> look(
      std::shared_ptr<Finder> self);

  /// Fails what is under way. Does not block.
  void close();
  /// In a child of `fork`: lets go of the parent's connections without a word on them.
  void forget() noexcept { google_.forget(); }

 private:
  /// What was learnt at one time.
  struct Facts {
    gcp::SharedInstance instance;
    std::string auth_string;
    std::shared_ptr<net::TlsContext> tls;  ///< Null: plain TCP.
    std::uint64_t edition = 0;
  };
  using SharedFacts = std::shared_ptr<const Facts>;

  Finder(const GoogleMemorystoreOptions& options, const boost::asio::any_io_executor& executor);

  static boost::asio::awaitable<Result<SharedFacts>> discover(std::weak_ptr<Finder> weak,
                                                              TimePoint deadline);
  boost::asio::awaitable<Result<gcp::SharedInstance>> find_instance(TimePoint deadline);
  boost::asio::awaitable<Error> create(TimePoint deadline);
  boost::asio::awaitable<Error> still_creating(Error error, TimePoint deadline);
  boost::asio::awaitable<Result<std::string>> password(gcp::SharedInstance instance,
                                                       TimePoint deadline);
  boost::asio::awaitable<Result<RedisCredentials>> credentials(SharedFacts facts,
                                                               TimePoint deadline);
  [[nodiscard]] Result<SharedFacts> learn(gcp::SharedInstance instance, std::string auth_string);
  [[nodiscard]] Result<net::Endpoint> address(const Facts& facts,
                                              const net::Endpoint& endpoint) const;
  [[nodiscard]] SharedFacts known() const;

  const GoogleMemorystoreOptions options_;
  const gcp::InstanceName name_;
  gcp::Memorystore google_;
  std::shared_ptr<cloud::SingleFlight<SharedFacts>> flight_;
  std::string operation_;  ///< That creates the instance; on the flight's strand alone.

  mutable std::mutex mutex_;  // guards what follows
  SharedFacts facts_;
  bool doubted_ = true;
  TimePoint look_again_;  ///< Not before.
  int vain_looks_ = 0;    ///< In a row that told nothing new.
};

}  // namespace semantrix::memorystore
