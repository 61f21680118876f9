#include "base/fork_generation.hpp"

#include <pthread.h>

#include <atomic>

namespace semantrix {
namespace {

std::atomic<std::uint32_t> generation{0};

void begin_child() noexcept { generation.fetch_add(1, std::memory_order_relaxed); }

// At load time: before any thread could fork.
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, begin_child);

}  // namespace

std::uint32_t fork_generation() noexcept { return generation.load(std::memory_order_relaxed); }

}  // namespace semantrix
