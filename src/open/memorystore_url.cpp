#include "open/memorystore_url.hpp"

#include "base/options.hpp"
#include "base/size.hpp"
#include "open/shared_options.hpp"
#include <semantrix/google_memorystore_store.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
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

Result<std::int64_t> parse_memory(std::string_view text) {
  const auto count = parse_count(text);
  if (!count) return count.error();
  return static_cast<std::int64_t>(std::min<std::size_t>(*count, 1'000'000));
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

constexpr std::array own{
    Row{"flavor", "redis, redis_cluster or valkey", "redis", "Which product of Memorystore it is.",
        set_option<parse_flavor, &Options::flavor>},
    Row{"endpoint_url", "URL", "", "Google's administrative interface, where it is not the public.",
        set_part<&Options::google, parse_name, &GoogleAccess::endpoint_url>},
    Row{"connect_to", "host:port", "",
        "The instance is reached there, by a tunnel, whatever its own address.",
        set_option<parse_name, &Options::connect_to>},
    Row{"credentials_file", "path", "",
        "Google credentials in JSON; without it Application Default Credentials.",
        set_part<&Options::google, parse_path, &GoogleAccess::credentials_file>},
    Row{"access_token", "text", "", "A fixed access token, for scripts that live shorter.",
        set_part<&Options::google, parse_name, &GoogleAccess::access_token>},
    Row{"quota_project_id", "name", "", "The project whose quota requests are charged to.",
        set_part<&Options::google, parse_name, &GoogleAccess::quota_project_id>},
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
};

constexpr auto table = joined(own, entry_options<Options>(), network_options<Options>());
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
