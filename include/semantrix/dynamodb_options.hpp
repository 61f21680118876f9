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

namespace semantrix {

/// Who is asking, to Amazon Web Services. Secrets: never printed, never in a message.
struct AwsCredentials {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  ///< Empty: these are long-lived.
  /// Asked for anew before then. Absent: they do not expire.
  std::optional<std::chrono::system_clock::time_point> expires = std::nullopt;
};

/// Asked at the first call and again before what it gave expires, one caller at a time. Runs on the
/// store's executor and must not throw.
using AwsCredentialsProvider = std::function<boost::asio::awaitable<Result<AwsCredentials>>()>;

/// NetworkOptions as DynamoDB needs them: a connection carries one request at a time.
[[nodiscard]] inline NetworkOptions dynamodb_network_options() {
  NetworkOptions network;
  network.max_pool_connections = 32;
  return network;
}

/// How a `DynamoDBCacheStore` reaches its table and what it keeps there. Checked once, by the
/// constructor, which throws `CacheError(invalid_argument)` with the option's name.
struct DynamoDBOptions {
  // -- Where --

  /// 3 to 255 of a-z, A-Z, 0-9, "_", "-" and ".". Required.
  std::string table_name = {};

  /// For example "us-west-2". Default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, that of the
  /// machine in EC2; without any, calls fail with `missing_configuration`.
  std::string region_name = {};

  /// "http://127.0.0.1:8000", "https://…": instead of the region's own endpoint. Default:
  /// AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, the profile's, else by the region.
  std::string endpoint_url = {};

  // -- Trust --

  /// Fixed credentials: the first two together. Default: what is found in the environment, the
  /// profiles, the container or the machine (docs/howto/credentials.md).
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};

  /// The profile to use, of ~/.aws/config and ~/.aws/credentials. Default: AWS_PROFILE.
  std::string profile_name = {};

  /// Asked instead of all others. Default: none.
  AwsCredentialsProvider credentials = {};

  /// For an https endpoint. Default: the system's authorities.
  TlsOptions tls = {};

  // -- The table --

  /// The first `add` creates the table if it is missing; until then reads miss. Default true.
  /// False: a missing table is an error (`missing_configuration`). An existing table is never
  /// altered, but for `enable_ttl`.
  bool create_if_missing = true;

  /// Provisioned capacity of a table that is created: both, at least 1, or neither, which gives
  /// on-demand billing (the default).
  std::optional<std::uint64_t> read_capacity_units = std::nullopt;
  std::optional<std::uint64_t> write_capacity_units = std::nullopt;

  /// Attribute (a number, epoch seconds) by which the table deletes expired items, hours or days
  /// after they expired: the store itself never returns or counts them. Default "expires_at".
  std::string ttl_attribute = "expires_at";

  /// Whether the table's own expiry is switched on. Absent (the default): on a table that the store
  /// creates. True: on an existing one as well, if none is on. False: never.
  std::optional<bool> enable_ttl = std::nullopt;

  // -- Reading --

  /// Reads see every write that was answered before, at twice the price. Default false: a read may
  /// miss what was written a second ago.
  bool consistent_read = false;

  /// Gathers single reads that wait for a connection into one request of up to 100 keys. Costs the
  /// same capacity. Default true.
  bool auto_batch = true;

  // -- What --

  /// In front of every key in the table. `keys`, `size` and `clear` stay within it. Default: none,
  /// the table is the namespace; then `clear` must be told `all`.
  std::string key_prefix = {};

  /// Ttl of an `add` that names none. Positive. Default: entries do not expire.
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;

  /// Values of at least so many bytes are compressed (zstd), kept only if at least 12.5 % smaller.
  /// Default: those that an item cannot hold.
  std::optional<std::size_t> compress_threshold = std::nullopt;

  // -- How --

  /// Timeouts, retries, connections (32 by default), what an outage does.
  NetworkOptions network = dynamodb_network_options();

  /// Where the store's connections run. Its context must outlive the store. Default: the library's
  /// thread (`library_executor`).
  std::optional<boost::asio::any_io_executor> executor = std::nullopt;
};

}  // namespace semantrix
