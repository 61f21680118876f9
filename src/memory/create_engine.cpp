#include "eviction/fifo.hpp"
#include "eviction/lfu.hpp"
#include "eviction/lru.hpp"
#include "eviction/s3fifo.hpp"
#include "eviction/w_tinylfu.hpp"
#include "memory/option_checks.hpp"
#include "memory/sharded_engine.hpp"
#include "memory/sweeper.hpp"

namespace semantrix::memory {

namespace {

template <template <class> class Policy>
std::shared_ptr<Engine> make(MemoryOptions options) {
  const std::size_t shards = shards_for(options);
  return std::make_shared<ShardedEngine<Policy>>(std::move(options), shards);
}

std::shared_ptr<Engine> make_for_policy(MemoryOptions options) {
  switch (options.eviction_policy) {
    case EvictionPolicy::lru:
      return make<eviction::Lru>(std::move(options));
    case EvictionPolicy::lfu:
      return make<eviction::Lfu>(std::move(options));
    case EvictionPolicy::fifo:
      return make<eviction::Fifo>(std::move(options));
    case EvictionPolicy::s3fifo:
      return make<eviction::S3Fifo>(std::move(options));
    case EvictionPolicy::w_tinylfu:
      break;
  }
  return make<eviction::WTinyLfu>(std::move(options));
}

}  // namespace

std::shared_ptr<Engine> Engine::create(MemoryOptions options) {
  check(options).value();  // throws
  std::shared_ptr<Engine> engine = make_for_policy(std::move(options));
  Sweeper::enrol(engine);
  return engine;
}

}  // namespace semantrix::memory
