#pragma once

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

namespace semantrix {

/// Whether the server is a Redis Cluster.
enum class ClusterMode : std::uint8_t {
  automatic,  ///< What the server says of itself when it is reached.
  on,         ///< A server that is none is an error.
  off,        ///< One server, whatever it says.
};
/// "auto", "true", "false".
[[nodiscard]] std::string_view to_string(ClusterMode mode) noexcept;
/// Reads a name in any case; nothing for an unknown one.
[[nodiscard]] std::optional<ClusterMode> parse_cluster_mode(std::string_view name) noexcept;

/// Which servers reads ask. Replicas lag behind their primary: a read right after an `add` may miss
/// or give the value before. Writes always go to primaries.
enum class ReadFrom : std::uint8_t {
  primary,
  replica,  ///< Replicas in turn; the primary where none answers.
  nearest,  ///< Whoever answered fastest when it was connected to, the primary included.
};
/// "primary", "replica", "nearest".
[[nodiscard]] std::string_view to_string(ReadFrom read_from) noexcept;
/// Reads a name in any case; nothing for an unknown one.
[[nodiscard]] std::optional<ReadFrom> parse_read_from(std::string_view name) noexcept;

/// A user and a password that may change: asked for at every connect.
struct RedisCredentials {
  std::string user = {};      ///< Empty: the default user.
  std::string password = {};  ///< Empty: none is sent.
  /// Before then a new password is asked for and sent on the open connection. Absent: it holds for
  /// as long as the connection.
  std::optional<std::chrono::steady_clock::time_point> expires = std::nullopt;
};

/// Runs on a connection's strand, must not throw, and should come back within `connect_timeout`.
using RedisCredentialsProvider = std::function<boost::asio::awaitable<Result<RedisCredentials>>()>;

/// How an `ElastiCacheStore` reaches its server and what it keeps there. Checked once, by the
/// constructor, which throws `CacheError(invalid_argument)` with the option's name.
struct ElastiCacheOptions {
  // -- Where --

  /// "host", "host:port", "[v6]:port". The port defaults to 6379 (Redis protocol) or 11211
  /// (Memcached). For Memcached also several with commas between, over which keys are spread.
  /// Required.
  std::string endpoint = {};

  /// Redis protocol if true (the default), Memcached if false, which has no use for `read_from`,
  /// `reader_endpoint` and `database`.
  bool use_redis = true;

  /// A cluster is known by any of its nodes, or by its configuration endpoint. For Memcached:
  /// whether the one endpoint is asked for the cluster's nodes (auto discovery). Default
  /// `automatic`.
  ClusterMode cluster = ClusterMode::automatic;

  /// Default `primary`. Anything else needs a cluster or a `reader_endpoint`.
  ReadFrom read_from = ReadFrom::primary;

  /// The replicas of a server that is no cluster, behind one name, as `endpoint` is written.
  /// Default: none.
  std::string reader_endpoint = {};

  /// Database of a server that is no cluster. Default 0.
  std::uint32_t database = 0;

  // -- Trust --

  /// TLS. Default off, as the service's own default is; turn it on wherever credentials or answers
  /// cross a network.
  bool ssl = false;

  /// PEM file of the authorities that may sign the server's certificate. Default: the system's.
  std::string ssl_ca_certs = {};

  /// PEM files that show who this client is. Both or none. Default: none.
  std::string ssl_certificate = {};
  std::string ssl_private_key = {};

  /// Name that the server must prove, where it is not the endpoint's host.
  std::string server_name = {};

  /// How much of the server's certificate is checked. Default: all of it.
  TlsVerification ssl_verification = TlsVerification::full;

  /// An ACL user and its password; for Memcached those of its file (-Y), sent if the server asks
  /// for them. Default: none are sent. Without TLS to a host that is not loopback they travel in
  /// the clear, and a warning says so (`describe`).
  std::string user = {};
  std::string password = {};

  /// Asked at every connect instead of `user` and `password`. Default: none.
  RedisCredentialsProvider credentials = {};

  /// Logs `user` in with AWS credentials in place of a password ("IAM authentication"): those that
  /// AWS's own tools would find (docs/howto/credentials.md). Needs `ssl`. Default false.
  bool iam = false;

  /// With `iam`: the name of the replication group or of the serverless cache, and which of the two
  /// it is. Default: what the endpoint's name says, if AWS gave it.
  std::string cache_name = {};
  std::optional<bool> serverless = std::nullopt;

  /// With `iam`: the cache's region, and the profile whose credentials are used. Default:
  /// AWS_REGION, AWS_DEFAULT_REGION, the profile's region; AWS_PROFILE.
  std::string region_name = {};
  std::string profile_name = {};

  // -- What --

  /// In front of every key on the server. `keys`, `size` and `clear` stay within it. Must not hold
  /// "{" or "}", which would put all keys of a cluster on one node. Where it is empty, `clear` must
  /// be told `all`. Default "semantrix:".
  std::string key_prefix = "semantrix:";

  /// Ttl of an `add` that names none. Positive. Default: entries do not expire.
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;

  /// Values of at least so many bytes are compressed (zstd), kept only if at least 12.5 % smaller.
  /// Default: off.
  std::optional<std::size_t> compress_threshold = std::nullopt;

  // -- How --

  /// Timeouts, retries, connections, what an outage does.
  NetworkOptions network = {};

  /// Where the store's connections run. On the caller's own executor a call needs no other thread:
  /// the fastest way. Its context must outlive the store. Default: the library's thread
  /// (`library_executor`).
  std::optional<boost::asio::any_io_executor> executor = std::nullopt;
};

}  // namespace semantrix
