// A hit allocates nothing: counted where the C library, or the sanitizer in its place, allocates.
#include <semantrix/memory_cache.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

namespace {
thread_local std::size_t allocations = 0;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
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
}
#endif

namespace semantrix {
namespace {

template <class Work>
std::size_t allocations_of(Work work) {
  const std::size_t before = allocations;
  work();
  return allocations - before;
}

TEST(MemoryAllocationOfOthers, IsCounted) {
  EXPECT_GT(allocations_of([] { const std::string text(1000, 'x'); }), 0U);
}

class MemoryAllocation : public ::testing::TestWithParam<EvictionPolicy> {};

TEST_P(MemoryAllocation, AHitAndAMissTakeNone) {
  MemoryOptions options;
  options.max_size = 500;
  options.eviction_policy = GetParam();
  MemoryCache cache(options);
  for (int i = 0; i < 1000; ++i) {
    cache.add("key" + std::to_string(i), "value", {.ttl = std::chrono::hours(1)}).value();
  }
  std::string key = "key000";
  std::size_t hits = 0;
  const auto ask = [&] {
    for (int i = 0; i < 10'000; ++i) {
      key[3] = static_cast<char>('0' + i % 10);
      key[4] = static_cast<char>('0' + i / 10 % 10);
      key[5] = static_cast<char>('0' + i / 100 % 10);
      hits += cache.get(key).has_value();
    }
  };
  ask();  // lfu has opened its first lists of equal counts then
  hits = 0;
  EXPECT_EQ(allocations_of(ask), 0U);
  EXPECT_GT(hits, 1000U);
  EXPECT_LT(hits, 10'000U);
}

INSTANTIATE_TEST_SUITE_P(All, MemoryAllocation, ::testing::ValuesIn(all_eviction_policies),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST(MemoryAllocationOfAdds, IsOneBlock) {
  MemoryOptions options;
  options.max_size = 100;
  options.eviction_policy = EvictionPolicy::s3fifo;
  MemoryCache cache(options);
  const std::string value(1000, 'v');
  for (int i = 0; i < 1000; ++i) cache.add("key" + std::to_string(i), value).value();
  constexpr std::size_t adds = 1000;
  const auto add = [&] {
    for (std::size_t i = 0; i < adds; ++i) {
      const std::array digits{'k', static_cast<char>('a' + i % 26),
                              static_cast<char>('a' + i / 26)};
      cache.add({digits.data(), digits.size()}, value).value();
    }
  };
  EXPECT_EQ(allocations_of(add), adds);
}

}  // namespace
}  // namespace semantrix
