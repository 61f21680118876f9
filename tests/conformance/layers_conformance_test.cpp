// The conformance suite through every layer of the house, over a store in memory that answers
// nothing at once, so that both halves of each verb run.
#include "delaying_layer.hpp"
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/early_refresh.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/layers/rate_limit.hpp>
#include <semantrix/layers/single_flight.hpp>
#include <semantrix/layers/stale_while_revalidate.hpp>
#include <semantrix/layers/tags.hpp>
#include <semantrix/layers/ttl_jitter.hpp>
#include <semantrix/testing/conformance.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace semantrix::testing {
namespace {

using Store = std::shared_ptr<CacheStore>;
using Clocks = std::shared_ptr<const Clock>;
/// What a layer must know of the store below it.
struct Below {
  Clocks clock;
  std::optional<std::chrono::milliseconds> default_ttl;
};
using Wrap = std::function<Store(Store, const Below&)>;

StoreFactory under(Wrap wrap, bool delayed) {
  return [wrap = std::move(wrap), delayed](const StoreRequest& request) {
    auto clock = std::make_shared<FakeClock>();
    InMemoryOptions options;
    options.max_size = request.max_size;
    options.max_bytes = request.max_bytes;
    options.default_ttl = request.default_ttl;
    options.clock = clock;
    Store store = std::make_shared<InMemoryStore>(std::move(options));
    if (delayed) store = std::make_shared<DelayingLayer>(std::move(store));
    StoreUnderTest subject;
    subject.store = wrap(std::move(store), Below{clock, request.default_ttl});
    subject.advance = [clock](std::chrono::milliseconds by) { clock->advance(by); };
    return subject;
  };
}

Store near_cache(Store store, const Below& below) {
  NearCacheOptions options;
  options.clock = below.clock;
  return std::make_shared<NearCacheLayer>(std::move(store), options);
}

Store negative_cache(Store store, const Below& below) {
  NegativeCacheOptions options;
  options.clock = below.clock;
  return std::make_shared<NegativeCacheLayer>(std::move(store), options);
}

Store single_flight(Store store, const Below&) {
  return std::make_shared<SingleFlightLayer>(std::move(store));
}

Store fail_open(Store store, const Below& below) {
  FailOpenOptions options;
  options.clock = below.clock;
  return std::make_shared<FailOpenLayer>(std::move(store), options);
}

/// A limit that no case reaches.
Store rate_limit(Store store, const Below& below) {
  RateLimitOptions options;
  options.per_second = 1e8;
  options.clock = below.clock;
  return std::make_shared<RateLimitLayer>(std::move(store), options);
}

Store metrics(Store store, const Below&) {
  return std::make_shared<MetricsLayer>(std::move(store));
}

/// Random numbers that take nothing off: the cases know their ttls.
Store ttl_jitter(Store store, const Below&) {
  TtlJitterOptions options;
  options.random = [] { return 0.0; };
  return std::make_shared<TtlJitterLayer>(std::move(store), options);
}

Store stale_while_revalidate(Store store, const Below& below) {
  StaleWhileRevalidateOptions options;
  options.default_ttl = below.default_ttl;
  options.clock = below.clock;
  return std::make_shared<StaleWhileRevalidateLayer>(std::move(store), options);
}

/// Random numbers that refresh nothing early.
Store early_refresh(Store store, const Below& below) {
  EarlyRefreshOptions options;
  options.random = [] { return 0.0; };
  options.clock = below.clock;
  return std::make_shared<EarlyRefreshLayer>(std::move(store), options);
}

Store tags(Store store, const Below& below) {
  TagsOptions options;
  options.clock = below.clock;
  return std::make_shared<TagsLayer>(std::move(store), options);
}

/// In the order in which `open` puts them on.
Store all(Store store, const Below& below) {
  for (const auto wrap : {rate_limit, near_cache, tags, negative_cache, single_flight,
                          stale_while_revalidate, early_refresh, ttl_jitter, fail_open}) {
    store = wrap(std::move(store), below);
  }
  return store;
}

struct Named {
  const char* name;
  Store (*wrap)(Store, const Below&);
};

void register_all() {
  constexpr std::array layers{
      Named{"near_cache", near_cache},
      Named{"negative_cache", negative_cache},
      Named{"single_flight", single_flight},
      Named{"stale_while_revalidate", stale_while_revalidate},
      Named{"early_refresh", early_refresh},
      Named{"tags", tags},
      Named{"fail_open", fail_open},
      Named{"rate_limit", rate_limit},
      Named{"ttl_jitter", ttl_jitter},
      Named{"metrics", metrics},
      Named{"all", all},
  };
  for (const Named& layer : layers) {
    register_conformance_tests(std::string("layers.") + layer.name, under(layer.wrap, true), {});
  }
  register_conformance_tests("layers.tags_at_once", under(tags, false), {});
  register_conformance_tests("layers.all_at_once", under(all, false), {});
}

}  // namespace
}  // namespace semantrix::testing

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  semantrix::testing::register_all();
  return RUN_ALL_TESTS();
}
