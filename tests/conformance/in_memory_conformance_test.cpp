// The conformance suite for the in-memory store: each policy, compression, shards, behind layers,
// and through every front.
#include "delaying_layer.hpp"
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/testing/conformance.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace semantrix::testing {
namespace {

using Adjust = std::function<void(InMemoryOptions&)>;

StoreFactory in_memory(Adjust adjust) {
  return [adjust = std::move(adjust)](const StoreRequest& request) {
    auto clock = std::make_shared<FakeClock>();
    InMemoryOptions options;
    options.max_size = request.max_size;
    options.max_bytes = request.max_bytes;
    options.default_ttl = request.default_ttl;
    options.clock = clock;
    adjust(options);
    StoreUnderTest subject;
    subject.store = std::make_shared<InMemoryStore>(std::move(options));
    subject.advance = [clock](std::chrono::milliseconds by) { clock->advance(by); };
    return subject;
  };
}

StoreFactory with_policy(EvictionPolicy policy) {
  return in_memory([policy](InMemoryOptions& options) { options.eviction_policy = policy; });
}

/// A layer that changes nothing.
class PlainLayer final : public Layer {
 public:
  using Layer::Layer;
};

template <class Above>
StoreFactory under(StoreFactory factory, int layers = 1) {
  return [factory = std::move(factory), layers](const StoreRequest& request) {
    StoreUnderTest subject = factory(request);
    for (int i = 0; i != layers; ++i) {
      subject.store = std::make_shared<Above>(std::move(subject.store));
    }
    return subject;
  };
}

ConformanceTraits traits(Front front = Front::awaitable) {
  ConformanceTraits traits;
  traits.bounded = true;
  traits.front = front;
  return traits;
}

ConformanceTraits traits_of(EvictionPolicy policy) {
  ConformanceTraits traits = testing::traits();
  const bool exact = policy == EvictionPolicy::lru || policy == EvictionPolicy::lfu ||
                     policy == EvictionPolicy::fifo;
  if (exact) traits.exact_policy = policy;
  traits.slow = policy == EvictionPolicy::w_tinylfu;
  return traits;
}

void register_all() {
  for (const EvictionPolicy policy : all_eviction_policies) {
    register_conformance_tests("memory." + std::string(to_string(policy)), with_policy(policy),
                               traits_of(policy));
  }
  const StoreFactory plain = in_memory([](InMemoryOptions&) {});
  const StoreFactory compressed = in_memory([](InMemoryOptions& options) {
    options.compress_threshold = 64;
    options.compress_dictionary = 16'384;
  });
  const StoreFactory sharded = in_memory([](InMemoryOptions& options) { options.shards = 8; });
  const StoreFactory sharded_s3fifo = in_memory([](InMemoryOptions& options) {
    options.shards = 8;
    options.eviction_policy = EvictionPolicy::s3fifo;
  });
  register_conformance_tests("memory.compressed", compressed, traits());
  register_conformance_tests("memory.sharded", sharded, traits());
  register_conformance_tests("memory.sharded_s3fifo", sharded_s3fifo, traits());
  register_conformance_tests("memory.blocking", plain, traits(Front::blocking));
  register_conformance_tests("memory.token", plain, traits(Front::token));
  register_conformance_tests("memory.one_layer", under<PlainLayer>(plain), traits());
  register_conformance_tests("memory.three_layers", under<PlainLayer>(plain, 3), traits());
  const StoreFactory delayed = under<DelayingLayer>(with_policy(EvictionPolicy::lru));
  ConformanceTraits lru = traits_of(EvictionPolicy::lru);
  for (const auto& [name, front] : {std::pair("memory.delayed", Front::awaitable),
                                    std::pair("memory.delayed_blocking", Front::blocking),
                                    std::pair("memory.delayed_token", Front::token)}) {
    lru.front = front;
    register_conformance_tests(name, delayed, lru);
  }
  register_conformance_tests("memory.delayed_between_layers",
                             under<PlainLayer>(under<DelayingLayer>(under<PlainLayer>(plain))),
                             traits());
}

}  // namespace
}  // namespace semantrix::testing

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  semantrix::testing::register_all();
  return RUN_ALL_TESTS();
}
