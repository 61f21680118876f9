#pragma once

#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>
#include <semantrix/tls_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// The three products of Memorystore. They differ in how an instance is found; the data is reached
/// by the same protocol.
enum class MemorystoreFlavor : std::uint8_t {
  redis,          ///< Memorystore for Redis: one primary, perhaps with read replicas.
  redis_cluster,  ///< Memorystore for Redis Cluster.
  valkey,         ///< Memorystore for Valkey, a cluster or not.
};
/// "redis", "redis_cluster", "valkey".
[[nodiscard]] std::string_view to_string(MemorystoreFlavor flavor) noexcept;
/// Reads a name in any case; nothing for an unknown one.
[[nodiscard]] std::optional<MemorystoreFlavor> parse_memorystore_flavor(
    std::string_view name) noexcept;

/// What a created instance does when its node fails.
enum class MemorystoreTier : std::uint8_t {
  basic,        ///< One node; what it held is lost with it.
  standard_ha,  ///< A replica in another zone takes over.
};
/// "basic", "standard_ha".
[[nodiscard]] std::string_view to_string(MemorystoreTier tier) noexcept;
/// Reads a name in any case; nothing for an unknown one.
[[nodiscard]] std::optional<MemorystoreTier> parse_memorystore_tier(std::string_view name) noexcept;

/// An OAuth 2.0 access token. A secret: never printed, never in a message.
struct GoogleAccessToken {
  std::string token = {};
  /// Asked for anew before then. Absent: it does not expire.
  std::optional<std::chrono::system_clock::time_point> expires = std::nullopt;
};

/// Asked at the first call and again before what it gave expires, one caller at a time. Runs on the
/// library's executor or the store's, and must not throw.
using GoogleTokenProvider = std::function<boost::asio::awaitable<Result<GoogleAccessToken>>()>;

/// How Google's administrative interface is reached, and as whom.
struct GoogleAccess {
  /// "http://127.0.0.1:8080", "https://…": instead of Google's own, for tests and private
  /// endpoints. Default: https://redis.googleapis.com (Valkey: https://memorystore.googleapis.com).
  std::string endpoint_url = {};

  /// A JSON file: a service account's key, an authorized user, an impersonated service account or
  /// an external account. Default: Application Default Credentials, in Google's order
  /// (docs/stores/google_memorystore.md).
  std::string credentials_file = {};

  /// A fixed token, for scripts that live shorter than it does. Default: none.
  std::string access_token = {};

  /// Asked for tokens instead of all others. Default: none.
  GoogleTokenProvider credentials = {};

  /// The project whose quota requests are charged to. Default: GOOGLE_CLOUD_QUOTA_PROJECT, what the
  /// credentials say, else none is named.
  std::string quota_project_id = {};

  /// One question with its retries. Positive. Default 10 s.
  std::chrono::milliseconds timeout{10'000};

  /// Of the administrative interface. Default: the system's authorities.
  TlsOptions tls = {};
};

/// An instance as Google describes it. What a flavor does not know is empty or 0.
struct MemorystoreInstance {
  std::string name = {};         ///< "projects/P/locations/R/instances/I"
  std::string instance_id = {};  ///< "I"
  std::string region = {};       ///< "R"
  MemorystoreFlavor flavor = MemorystoreFlavor::redis;
  std::string display_name = {};
  std::string host = {};  ///< Empty while the instance is being created.
  std::uint16_t port = 0;
  std::string read_host = {};  ///< The read replicas' endpoint; empty: none.
  std::uint16_t read_port = 0;
  /// "READY", "CREATING", …: open, since Google adds to them.
  std::string state = {};
  std::string status_message = {};
  std::string tier = {};     ///< "BASIC", "STANDARD_HA"
  std::string version = {};  ///< "REDIS_7_0", "VALKEY_8_0"
  std::int64_t memory_size_gb = 0;
  std::int64_t replica_count = 0;
  bool auth_enabled = false;  ///< A password is asked for: the AUTH string.
  bool iam_enabled = false;   ///< An access token is asked for.
  bool tls_enabled = false;
  bool cluster = false;
  std::string authorized_network = {};
  std::vector<std::string> ca_certs = {};  ///< PEM: the authorities that sign for this instance.
};

/// What `list_instances` found.
struct MemorystoreInstances {
  std::vector<MemorystoreInstance> instances = {};
  /// Regions that did not answer: their instances are missing above.
  std::vector<std::string> unreachable = {};
};

/// How a `GoogleMemorystoreCacheStore` finds its instance and what it keeps there. Checked once, by
/// the constructor, which throws `CacheError(invalid_argument)` with the option's name.
struct GoogleMemorystoreOptions {
  // -- Where --

  /// "your-project-id", "us-central1", "semantrix-cache". Required, all three.
  std::string project_id = {};
  std::string region = {};
  std::string instance_id = {};

  /// Default `redis`.
  MemorystoreFlavor flavor = MemorystoreFlavor::redis;

  /// Google's administrative interface: where, and as whom.
  GoogleAccess google = {};

  /// "host:port": the instance is reached there, by a tunnel, say, whatever its own address. Its
  /// certificate is verified all the same. Default: the address that Google tells.
  std::string connect_to = {};

  /// Default `primary`. `replica` and `nearest` need read replicas, or a cluster.
  ReadFrom read_from = ReadFrom::primary;

  /// Database of an instance that is no cluster. Default 0.
  std::uint32_t database = 0;

  // -- Trust --

  /// Logs in with an access token in place of the AUTH string. Default: where the instance says
  /// that it asks for one.
  std::optional<bool> iam = std::nullopt;

  // -- The instance --

  /// Creates the instance if there is none, which takes minutes and costs money from then on; calls
  /// fail with `unavailable` until it is ready. For flavor `redis`. Default false.
  bool create_if_missing = false;

  /// Of an instance that is created, in GiB, 1 to 300. Default 1.
  std::int64_t memory_size_gb = 1;

  /// Of an instance that is created. Default `basic`.
  MemorystoreTier tier = MemorystoreTier::basic;

  /// Of an instance that is created, e.g. "REDIS_7_0". Default: the service's own.
  std::string redis_version = {};

  /// Of an instance that is created: "projects/P/global/networks/N". Default: the network
  /// "default".
  std::string authorized_network = {};

  // -- What --

  /// In front of every key on the server. `keys`, `size` and `clear` stay within it. Must not hold
  /// "{" or "}". Where it is empty, `clear` must be told `all`. Default "semantrix:".
  std::string key_prefix = "semantrix:";

  /// Ttl of an `add` that names none. Positive. Default: entries do not expire.
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;

  /// Values of at least so many bytes are compressed (zstd), kept only if at least 12.5 % smaller.
  /// Default: off.
  std::optional<std::size_t> compress_threshold = std::nullopt;

  // -- How --

  /// Timeouts, retries, connections, what an outage does. Finding the instance goes on where a
  /// call's deadline cuts its wait short: the next call profits.
  NetworkOptions network = {};

  /// Where the store's connections run. Its context must outlive the store. Default: the library's
  /// thread (`library_executor`).
  std::optional<boost::asio::any_io_executor> executor = std::nullopt;
};

}  // namespace semantrix
