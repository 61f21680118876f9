#include "stores/backend/backend_holder.hpp"

#include "base/fork_generation.hpp"

#include <utility>

namespace semantrix::stores {
namespace {

/// The parent's connections, in a child of `fork`: their threads and locks are not here, so they
/// are let go of and never destroyed.
void abandon(std::shared_ptr<Backend> backend) {
  backend->forget();
  static_cast<void>(new std::shared_ptr<Backend>(std::move(backend)));
}

std::shared_ptr<Backend> made_by(const BackendHolder::Make& make) {
  auto made = make();
  if (!made) throw CacheError(made.error());
  return std::move(*made);
}

}  // namespace

BackendHolder::BackendHolder(Make make)
    : make_(std::move(make)), backend_(made_by(make_)), generation_(fork_generation()) {}

BackendHolder::~BackendHolder() {
  if (generation_ != fork_generation()) abandon(std::move(backend_));
}

const std::shared_ptr<Backend>& BackendHolder::current() {
  if (generation_.load(std::memory_order_acquire) == fork_generation()) return backend_;
  const std::lock_guard lock(mutex_);
  if (generation_.load(std::memory_order_acquire) == fork_generation()) return backend_;
  abandon(std::exchange(backend_, made_by(make_)));
  generation_.store(fork_generation(), std::memory_order_release);
  return backend_;
}

}  // namespace semantrix::stores
