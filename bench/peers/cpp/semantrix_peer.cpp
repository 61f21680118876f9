// Our own cache, on the requests that its rivals answer. --policy s3fifo | w_tinylfu | lru | ...
#include "harness.hpp"
#include <semantrix/memory_cache.hpp>

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

semantrix::MemoryOptions options_of(const peers::Arguments& arguments) {
  semantrix::MemoryOptions options;
  options.max_size = arguments.capacity;
  if (arguments.ttl_seconds > 0) options.default_ttl = std::chrono::seconds(arguments.ttl_seconds);
  const auto policy = semantrix::parse_eviction_policy(arguments.policy);
  if (!policy) throw std::invalid_argument(fmt::format("unknown policy {}", arguments.policy));
  options.eviction_policy = *policy;
  return options;
}

class Semantrix {
 public:
  explicit Semantrix(const peers::Arguments& arguments) : cache_(options_of(arguments)) {}

  bool lookup(std::string_view key, peers::Touch& touch) {
    const auto value = cache_.get(key);
    if (!value) return false;
    touch(value->view());
    return true;
  }

  void store(std::string_view key, std::string_view value) {
    if (const auto added = cache_.add(key, value); !added) {
      throw std::runtime_error("the cache refused a value");
    }
  }

  [[nodiscard]] std::size_t size() const { return cache_.size(); }

 private:
  semantrix::MemoryCache cache_;
};

// The policy is part of the name, so that the report can tell the runs apart.
std::string name_of(int argc, char** argv) {
  std::string policy = "s3fifo";
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string_view(argv[i]) == "--policy") policy = argv[i + 1];
  }
  return "semantrix_" + policy;
}

}  // namespace

int main(int argc, char** argv) {
  return peers::run_peer<Semantrix>(name_of(argc, argv), argc, argv);
}
