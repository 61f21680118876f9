#include "open/dynamodb_url.hpp"

#include "base/duration.hpp"
#include "base/options.hpp"
#include "base/quote.hpp"
#include "base/size.hpp"
#include "base/suggest.hpp"
#include "open/url_options.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix {
namespace {

using Options = DynamoDBOptions;
using Row = OptionEntry<Options>;

Error refuse(std::string message, std::string remedy = {}) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

template <auto Parse, auto Member>
Result<void> set_network(Options& options, std::string_view text) {
  return set_option<Parse, Member>(options.network, text);
}

template <auto Parse, auto Member>
Result<void> set_tls(Options& options, std::string_view text) {
  return set_option<Parse, Member>(options.tls, text);
}

Result<std::string> parse_text(std::string_view text) { return std::string(text); }

Result<std::string> parse_name(std::string_view text) {
  if (text.empty()) return refuse("it is empty");
  return std::string(text);
}

Result<std::chrono::milliseconds> parse_delay(std::string_view text) {
  return parse_duration(text, DurationRange::not_negative);
}

Result<int> parse_attempts(std::string_view text) {
  const auto count = parse_count(text);
  if (!count) return count.error();
  return static_cast<int>(std::min<std::size_t>(*count, std::numeric_limits<int>::max()));
}

Result<OnError> parse_outage(std::string_view text) {
  if (const auto on_error = parse_on_error(text)) return *on_error;
  const std::array names{to_string(OnError::raise), to_string(OnError::miss)};
  return refuse(unknown_name("way to meet an outage", text, names));
}

constexpr std::array table{
    Row{"region_name", "name", "",
        "The table's region; without it AWS_REGION, AWS_DEFAULT_REGION, the profile's, the "
        "machine's.",
        set_option<parse_name, &Options::region_name>},
    Row{"endpoint_url", "URL", "", "Instead of the region's own endpoint, e.g. DynamoDB Local's.",
        set_option<parse_name, &Options::endpoint_url>},
    Row{"access_key_id", "text", "", "Fixed credentials, with secret_access_key.",
        set_option<parse_text, &Options::access_key_id>},
    Row{"secret_access_key", "text", "", "Fixed credentials, with access_key_id.",
        set_option<parse_text, &Options::secret_access_key>},
    Row{"session_token", "text", "", "Belongs to fixed credentials that do not last.",
        set_option<parse_text, &Options::session_token>},
    Row{"profile_name", "name", "", "Profile of ~/.aws; without it AWS_PROFILE.",
        set_option<parse_name, &Options::profile_name>},
    Row{"ssl_ca_certs", "path", "",
        "PEM file of the authorities that are trusted; without it the system's.",
        set_tls<parse_path, &TlsOptions::ca_certs>},
    Row{"server_name", "name", "", "Name that the server must prove, if it is not the host's.",
        set_tls<parse_name, &TlsOptions::server_name>},
    Row{"create_if_missing", "flag", "true", "Creates the table at first use if it is missing.",
        set_option<parse_flag, &Options::create_if_missing>},
    Row{"read_capacity_units", "count", "",
        "Of a table that is created, with write_capacity_units; without both it is on demand.",
        set_option<parse_count, &Options::read_capacity_units>},
    Row{"write_capacity_units", "count", "",
        "Of a table that is created, with read_capacity_units.",
        set_option<parse_count, &Options::write_capacity_units>},
    Row{"ttl_attribute", "name", "expires_at",
        "Attribute by which the table removes expired items.",
        set_option<parse_name, &Options::ttl_attribute>},
    Row{"enable_ttl", "flag", "",
        "The table's own expiry: true switches it on, false never does; without it, on a table "
        "that is created.",
        set_option<parse_flag, &Options::enable_ttl>},
    Row{"consistent_read", "flag", "false", "Reads see every earlier write, at twice the price.",
        set_option<parse_flag, &Options::consistent_read>},
    Row{"auto_batch", "flag", "true", "Gathers single reads under load into one request.",
        set_option<parse_flag, &Options::auto_batch>},
    Row{"key_prefix", "text", "", "In front of every key; keys, size and clear stay within it.",
        set_option<parse_text, &Options::key_prefix>},
    Row{"default_ttl", "duration", "", "Time to live of an add that names none.",
        set_option<parse_positive_duration, &Options::default_ttl>},
    Row{"compress_threshold", "size", "",
        "Values of at least so many bytes are compressed, if that makes them 12.5 % smaller; "
        "without it those that an item cannot hold.",
        set_option<parse_size, &Options::compress_threshold>},
    Row{"connect_timeout", "duration", "1s", "Resolve, connect and TLS, together.",
        set_network<parse_positive_duration, &NetworkOptions::connect_timeout>},
    Row{"read_timeout", "duration", "500ms", "One attempt of a call.",
        set_network<parse_positive_duration, &NetworkOptions::read_timeout>},
    Row{"deadline", "duration", "",
        "One call with all its retries; without it 2 s, or what the other times need.",
        set_network<parse_positive_duration, &NetworkOptions::deadline>},
    Row{"retry_attempts", "count", "2", "Attempts after the first one.",
        set_network<parse_attempts, &NetworkOptions::retry_attempts>},
    Row{"retry_delay", "duration", "10ms",
        "Longest wait before the first retry, doubled for each further one; five times that after "
        "throttling.",
        set_network<parse_delay, &NetworkOptions::retry_delay>},
    Row{"max_pool_connections", "count", "32", "Most connections.",
        set_network<parse_count, &NetworkOptions::max_pool_connections>},
    Row{"on_error", "raise or miss", "raise",
        "In an outage calls fail (raise), or reads miss and writes are dropped (miss).",
        set_network<parse_outage, &NetworkOptions::on_error>},
};
constexpr auto options_page = url_options(table);

}  // namespace

StoreKind dynamodb_kind() {
  return {"dynamodb", "dynamodb://semantrix-cache?region_name=us-west-2",
          &DynamoDBCacheStore::static_capability(), options_page};
}

Result<DynamoDBOptions> dynamodb_options(const StoreUrl& url) {
  constexpr std::string_view form = "write dynamodb://TABLE?region_name=us-west-2";
  if (url.hosts.empty()) return refuse("the URL names no table", std::string(form));
  if (url.hosts.size() > 1 || url.hosts.front().port || !url.path.empty()) {
    return refuse("a dynamodb:// URL has nothing but a table before the question mark",
                  std::string(form));
  }
  if (url.user || url.password) {
    return refuse("a dynamodb:// URL takes no user before the table",
                  "use the options access_key_id and secret_access_key, or better the environment");
  }
  Options options;
  options.table_name = url.hosts.front().name;
  if (auto read = read_options<Options>(table, url.parameters, options); !read) return read.error();
  return options;
}

Result<std::shared_ptr<CacheStore>> open_dynamodb(const StoreUrl& url) {
  Result<DynamoDBOptions> options = dynamodb_options(url);
  if (!options) return options.error();
  return std::shared_ptr<CacheStore>(std::make_shared<DynamoDBCacheStore>(std::move(*options)));
}

}  // namespace semantrix
