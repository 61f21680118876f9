#include "open/memorystore_url.hpp"

#include "base/duration.hpp"
#include "base/options.hpp"
#include "base/size.hpp"
#include "base/suggest.hpp"
#include "open/url_options.hpp"
#include <semantrix/google_memorystore_store.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix {
namespace {

using Options = GoogleMemorystoreOptions;
using Row = OptionEntry<Options>;

Error refuse(std::string message, std::string remedy = {}) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

template <auto Parse, auto Member>
Result<void> set_network(Options& options, std::string_view text) {
  return set_option<Parse, Member>(options.network, text);
}

template <auto Parse, auto Member>
Result<void> set_google(Options& options, std::string_view text) {
  return set_option<Parse, Member>(options.google, text);
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

Result<std::int64_t> parse_memory(std::string_view text) {
  const auto count = parse_count(text);
  if (!count) return count.error();
  return static_cast<std::int64_t>(std::min<std::size_t>(*count, 1'000'000));
}

Result<std::uint32_t> parse_database(std::string_view text) {
  const auto count = parse_count(text);
  if (!count) return count.error();
  if (*count > std::numeric_limits<std::int32_t>::max()) return refuse("it is too large");
  return static_cast<std::uint32_t>(*count);
}

/// The value of that name, or an error that lists the names.
template <auto Parse, class... Values>
auto parse_named(std::string_view what, std::string_view text, Values... values)
    -> Result<std::common_type_t<Values...>> {
  if (const auto value = Parse(text)) return *value;
  const std::array names{to_string(values)...};
  return refuse(unknown_name(what, text, names));
}

Result<OnError> parse_outage(std::string_view text) {
  return parse_named<parse_on_error>("way to meet an outage", text, OnError::raise, OnError::miss);
}

Result<ReadFrom> parse_reads(std::string_view text) {
  return parse_named<parse_read_from>("place to read from", text, ReadFrom::primary,
                                      ReadFrom::replica, ReadFrom::nearest);
}

Result<MemorystoreFlavor> parse_flavor(std::string_view text) {
  return parse_named<parse_memorystore_flavor>("flavor", text, MemorystoreFlavor::redis,
                                               MemorystoreFlavor::redis_cluster,
                                               MemorystoreFlavor::valkey);
}

Result<MemorystoreTier> parse_tier(std::string_view text) {
  return parse_named<parse_memorystore_tier>("tier", text, MemorystoreTier::basic,
                                             MemorystoreTier::standard_ha);
}

constexpr std::array table{
    Row{"flavor", "redis, redis_cluster or valkey", "redis", "Which product of Memorystore it is.",
        set_option<parse_flavor, &Options::flavor>},
    Row{"endpoint_url", "URL", "", "Google's administrative interface, where it is not the public.",
        set_google<parse_name, &GoogleAccess::endpoint_url>},
    Row{"connect_to", "host:port", "",
        "The instance is reached there, by a tunnel, whatever its own address.",
        set_option<parse_name, &Options::connect_to>},
    Row{"credentials_file", "path", "",
        "Google credentials in JSON; without it Application Default Credentials.",
        set_google<parse_path, &GoogleAccess::credentials_file>},
    Row{"access_token", "text", "", "A fixed access token, for scripts that live shorter.",
        set_google<parse_name, &GoogleAccess::access_token>},
    Row{"quota_project_id", "name", "", "The project whose quota requests are charged to.",
        set_google<parse_name, &GoogleAccess::quota_project_id>},
    Row{"iam", "flag", "",
        "Logs in with an access token; without it, where the instance asks for one.",
        set_option<parse_flag, &Options::iam>},
    Row{"read_from", "primary, replica or nearest", "primary",
        "Who is read from; replicas may lag behind.", set_option<parse_reads, &Options::read_from>},
    Row{"database", "count", "0", "Database of an instance that is no cluster.",
        set_option<parse_database, &Options::database>},
    Row{"create_if_missing", "flag", "false",
        "Creates the instance if there is none: it takes minutes and costs money.",
        set_option<parse_flag, &Options::create_if_missing>},
    Row{"memory_size_gb", "count", "1", "Of an instance that is created.",
        set_option<parse_memory, &Options::memory_size_gb>},
    Row{"tier", "basic or standard_ha", "basic", "Of an instance that is created.",
        set_option<parse_tier, &Options::tier>},
    Row{"redis_version", "name", "", "Of an instance that is created, e.g. REDIS_7_0.",
        set_option<parse_name, &Options::redis_version>},
    Row{"authorized_network", "name", "", "Of an instance that is created.",
        set_option<parse_name, &Options::authorized_network>},
    Row{"key_prefix", "text",
        "semantrix:", "In front of every key; keys, size and clear stay within it.",
        set_option<parse_text, &Options::key_prefix>},
    Row{"default_ttl", "duration", "", "Time to live of an add that names none.",
        set_option<parse_positive_duration, &Options::default_ttl>},
    Row{"compress_threshold", "size", "",
        "Values of at least so many bytes are compressed, if that makes them 12.5 % smaller.",
        set_option<parse_size, &Options::compress_threshold>},
    Row{"connect_timeout", "duration", "1s", "Resolve, connect, TLS and authenticate, together.",
        set_network<parse_positive_duration, &NetworkOptions::connect_timeout>},
    Row{"read_timeout", "duration", "500ms", "One attempt of a call.",
        set_network<parse_positive_duration, &NetworkOptions::read_timeout>},
    Row{"deadline", "duration", "",
        "One call with all its retries; without it 2 s, or what the other times need.",
        set_network<parse_positive_duration, &NetworkOptions::deadline>},
    Row{"retry_attempts", "count", "2", "Attempts after the first one.",
        set_network<parse_attempts, &NetworkOptions::retry_attempts>},
    Row{"retry_delay", "duration", "10ms",
        "Longest wait before the first retry, doubled for each further one.",
        set_network<parse_delay, &NetworkOptions::retry_delay>},
    Row{"max_pool_connections", "count", "4", "Most connections to a node.",
        set_network<parse_count, &NetworkOptions::max_pool_connections>},
    Row{"on_error", "raise or miss", "raise",
        "In an outage calls fail (raise), or reads miss and writes are dropped (miss).",
        set_network<parse_outage, &NetworkOptions::on_error>},
};
constexpr auto options_page = url_options(table);

}  // namespace

StoreKind memorystore_kind() {
  return {"memorystore", "memorystore://your-project-id/us-central1/semantrix-cache",
          &GoogleMemorystoreCacheStore::static_capability(), options_page};
}

Result<GoogleMemorystoreOptions> memorystore_options(const StoreUrl& url) {
  constexpr std::string_view form = "write memorystore://PROJECT/REGION/INSTANCE";
  if (url.user || url.password) {
    return refuse("a memorystore:// URL takes no user: Google tells the password",
                  "leave out what stands before the @");
  }
  if (url.hosts.size() != 1 || url.hosts.front().port || url.path.size() != 2) {
    return refuse("a memorystore:// URL names a project, a region and an instance",
                  std::string(form));
  }
  Options options;
  options.project_id = url.hosts.front().name;
  options.region = url.path[0];
  options.instance_id = url.path[1];
  if (auto read = read_options<Options>(table, url.parameters, options); !read) return read.error();
  return options;
}

Result<std::shared_ptr<CacheStore>> open_memorystore(const StoreUrl& url) {
  Result<GoogleMemorystoreOptions> options = memorystore_options(url);
  if (!options) return options.error();
  return std::shared_ptr<CacheStore>(
      std::make_shared<GoogleMemorystoreCacheStore>(std::move(*options)));
}

}  // namespace semantrix
