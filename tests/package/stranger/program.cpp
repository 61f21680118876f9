// Touches each part of the public API once, so that a symbol that a shared library hides, or a
// dependency that the package forgets, fails to link here.
#include <semantrix/semantrix.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace {

class CountingLayer : public semantrix::Layer {
 public:
  using Layer::Layer;
  int gets = 0;

 protected:
  semantrix::Probe<std::optional<semantrix::Value>> probe_get(std::string_view key) override {
    ++gets;
    return Layer::probe_get(key);
  }
};

semantrix::awaitable<void> use(CountingLayer& store, bool& found) {
  co_await store.add("key1", "value1");
  found = (co_await store.get_exact("key1")).has_value();
}

bool through_a_layer() {
  auto memory = std::make_shared<semantrix::InMemoryStore>(
      semantrix::InMemoryOptions{.max_size = 10, .compress_threshold = 1024});
  CountingLayer layer(memory);
  bool found = false;
  boost::asio::io_context context;
  boost::asio::co_spawn(context, use(layer, found), boost::asio::detached);
  context.run();
  return found && layer.gets == 1;
}

bool through_a_url() {
  semantrix::BlockingStore store(semantrix::open("memory://?max_size=2&eviction_policy=lru"));
  for (const char* key : {"a", "b", "c"}) store.add(key, std::string(5000, 'x'));
  return store.size() == 2 &&
         store.get_stats().to_json().find("\"evictions\":1") != std::string::npos;
}

bool error_is_caught() {
  try {
    (void)semantrix::open("nowhere://");
  } catch (const semantrix::CacheError& error) {
    return error.code() == semantrix::ErrorCode::invalid_argument &&
           semantrix::exit_status(error.code()) == 2 && !to_string(error.code()).empty();
  }
  return false;
}

bool the_rest_links() {
  semantrix::MemoryCache cache(
      {.max_size = 4, .eviction_policy = semantrix::EvictionPolicy::s3fifo});
  const semantrix::Value value = cache.get_or_compute("k", [] { return semantrix::Value("v"); });
  return value == semantrix::Value("v") && !semantrix::store_kinds().empty() &&
         semantrix::parse_eviction_policy("LRU") == semantrix::EvictionPolicy::lru &&
         !describe(semantrix::EvictionPolicy::lru).empty() &&
         semantrix::system_clock()->wall_now().count() > 0 &&
         semantrix::library_executor() != boost::asio::any_io_executor() &&
         !to_string(semantrix::RemovalCause::evicted).empty() &&
         !to_string(semantrix::Phase::none).empty() && !semantrix::version().empty();
}

}  // namespace

int main() {
  const bool ok = through_a_layer() && through_a_url() && error_is_caught() && the_rest_links();
  std::puts(ok ? std::string(semantrix::version()).c_str() : "failed");
  return ok ? 0 : 1;
}
