#include "open/dynamodb_url.hpp"

#include "base/options.hpp"
#include "base/quote.hpp"
#include "base/size.hpp"
#include "open/shared_options.hpp"
#include <semantrix/dynamodb_store.hpp>

#include <array>
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

constexpr std::array own{
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
        set_part<&Options::tls, parse_path, &TlsOptions::ca_certs>},
    Row{"server_name", "name", "", "Name that the server must prove, if it is not the host's.",
        set_part<&Options::tls, parse_name, &TlsOptions::server_name>},
    Row{"create_if_missing", "flag", "true", "The first add creates the table if it is missing.",
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
};

constexpr auto table = joined(
    own,
    entry_options<Options>(
        "",
        "Values of at least so many bytes are compressed, if that makes them 12.5 % smaller; "
        "without it those that an item cannot hold."),
    network_options<Options>({"Resolve, connect and TLS, together.",
                              "Longest wait before the first retry, doubled for each further one; "
                              "five times that after throttling.",
                              "32", "Most connections."}));
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
