#include "open/memory_url.hpp"

#include "base/options.hpp"
#include "base/size.hpp"
#include "open/url_options.hpp"
#include <semantrix/in_memory_store.hpp>

#include <array>

namespace semantrix {
namespace {

using Row = OptionEntry<InMemoryOptions>;

constexpr std::array table{
    Row{"max_size", "count", "10000", "Most entries held, at least 1.",
        set_option<parse_count, &InMemoryOptions::max_size>},
    Row{"max_bytes", "size", "", "Most bytes held: keys, stored values and each entry's overhead.",
        set_option<parse_size, &InMemoryOptions::max_bytes>},
    Row{"eviction_policy", "policy", "w_tinylfu", "Which entry leaves first.",
        set_option<parse_policy, &InMemoryOptions::eviction_policy>},
    Row{"default_ttl", "duration", "", "Time to live of an add that names none.",
        set_option<parse_positive_duration, &InMemoryOptions::default_ttl>},
    Row{"time_to_idle", "duration", "", "Entries neither read nor written for so long expire.",
        set_option<parse_positive_duration, &InMemoryOptions::time_to_idle>},
    Row{"compress_threshold", "size", "",
        "Values of at least so many bytes are compressed, if that makes them 12.5 % smaller.",
        set_option<parse_size, &InMemoryOptions::compress_threshold>},
    Row{"compress_dictionary", "size", "0",
        "Size of a compression dictionary trained from the first values; 0: none.",
        set_option<parse_size, &InMemoryOptions::compress_dictionary>},
    Row{"shards", "count", "0", "Independently locked parts, a power of two; 0: chosen by size.",
        set_option<parse_count, &InMemoryOptions::shards>},
    Row{"snapshot", "path", "", "File that is loaded when the store opens and written on close.",
        set_option<parse_path, &InMemoryOptions::snapshot>},
};
constexpr auto options_page = url_options(table);

Error refuse(std::string_view what) {
  return {ErrorCode::invalid_argument, std::string("memory:// takes no ").append(what),
          "write its options after a question mark, e.g. memory://?max_size=1000&snapshot=PATH"};
}

}  // namespace

StoreKind memory_kind() {
  return {"memory", "memory://?max_size=1000&eviction_policy=lru",
          &InMemoryStore::static_capability(), options_page};
}

Result<std::shared_ptr<CacheStore>> open_memory(const StoreUrl& url) {
  if (url.user || url.password) return refuse("user or password");
  if (!url.hosts.empty()) return refuse("host");
  if (!url.path.empty()) return refuse("path");
  InMemoryOptions options;
  const Result<void> read = read_options<InMemoryOptions>(table, url.parameters, options);
  if (!read) return read.error();
  return std::shared_ptr<CacheStore>(std::make_shared<InMemoryStore>(std::move(options)));
}

}  // namespace semantrix
