// What an awaited hit in memory allocates: nothing, once Asio has frames to recycle. (What it costs
// in time is shown by bench/micro/contract_bench.cpp.)
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>
#include <malloc.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {
// Of this thread alone: the store's own thread may be starting meanwhile.
thread_local int allocations = 0;
}  // namespace

#if defined(__SANITIZE_ADDRESS__)
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizers' name
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void*,
                                                                           std::size_t),
                                                         void (*freed)(const volatile void*));
namespace {
void count_malloc(const volatile void*, std::size_t) { ++allocations; }
void ignore_free(const volatile void*) {}
const int hooked = __sanitizer_install_malloc_and_free_hooks(count_malloc, ignore_free);
}  // namespace
#else
extern "C" {
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): glibc's own name
void* __libc_malloc(std::size_t size) noexcept;
void* malloc(std::size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}
/// How Asio allocates frames.
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  return memalign(alignment, size);
}
}
#endif

namespace semantrix {
namespace {

class PlainLayer final : public Layer {
 public:
  using Layer::Layer;
};

struct Count {
  int warm_up = 0;
  int afterwards = 0;
};

awaitable<void> count_hits(CacheStore& store, std::string_view key, Count& count) {
  const int before = allocations;
  for (int i = 0; i != 10; ++i) {
    const std::optional<Value> found = co_await store.get_exact(key);
    EXPECT_TRUE(found.has_value());
  }
  count.warm_up = allocations - before;
  const int warm = allocations;
  for (int i = 0; i != 1'000; ++i) {
    const std::optional<Value> found = co_await store.get_exact(key);
    if (!found) ADD_FAILURE();
  }
  count.afterwards = allocations - warm;
}

Count count_allocations(int layers) {
  const std::string key = "a key that is too long for a small string";
  auto memory = std::make_shared<InMemoryStore>();
  memory->cache().add(key, "value").value();
  std::shared_ptr<CacheStore> store = memory;
  for (int i = 0; i != layers; ++i) store = std::make_shared<PlainLayer>(std::move(store));
  Count count;
  boost::asio::io_context context{1};
  boost::asio::co_spawn(context, count_hits(*store, key, count), boost::asio::detached);
  context.run();
  return count;
}

TEST(GetExactCost, an_awaited_hit_allocates_nothing) {
  const Count count = count_allocations(0);
  EXPECT_GT(count.warm_up, 0) << "the counter sees frames";
  EXPECT_EQ(count.afterwards, 0);
}

TEST(GetExactCost, nor_does_one_through_three_layers) {
  EXPECT_EQ(count_allocations(3).afterwards, 0);
}

}  // namespace
}  // namespace semantrix
