#include "memory/sweeper.hpp"

#include "memory/engine.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace semantrix::memory {

namespace {

struct Enrolment {
  std::mutex mutex;
  std::vector<std::weak_ptr<Engine>> engines;  // guarded by mutex
  std::vector<std::shared_ptr<Engine>> held;   // guarded by mutex; only while a fork goes on
  std::atomic<bool> running{false};
};

// Leaked: the thread may outlive every static object.
Enrolment& enrolment() {
  static Enrolment& only = *new Enrolment;
  return only;
}

std::vector<std::shared_ptr<Engine>> living(Enrolment& all) {
  std::vector<std::shared_ptr<Engine>> engines;
  std::erase_if(all.engines, [&engines](const std::weak_ptr<Engine>& engine) {
    if (std::shared_ptr<Engine> alive = engine.lock()) {
      engines.push_back(std::move(alive));
      return false;
    }
    return true;
  });
  return engines;
}

void sweep_for_ever() {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    std::vector<std::shared_ptr<Engine>> engines;
    {
      const std::lock_guard lock(enrolment().mutex);
      engines = living(enrolment());
    }
    for (const auto& engine : engines) engine->sweep();
  }
}

void before_fork() {
  Enrolment& all = enrolment();
  all.mutex.lock();
  all.held = living(all);
  for (const auto& engine : all.held) {
    engine->flights().lock();
    engine->codec().lock();
    engine->lock_all();
  }
}

void after_fork() {
  Enrolment& all = enrolment();
  for (const auto& engine : all.held) {
    engine->unlock_all();
    engine->codec().unlock();
    engine->flights().unlock();
  }
  const auto held = std::move(all.held);
  all.held.clear();
  all.mutex.unlock();
}

void after_fork_in_child() {
  enrolment().running = false;
  for (const auto& engine : enrolment().held) engine->forget_other_threads();
  after_fork();
}

}  // namespace

void Sweeper::enrol(const std::shared_ptr<Engine>& engine) {
  static const int hooked = ::pthread_atfork(before_fork, after_fork, after_fork_in_child);
  static_cast<void>(hooked);
  Enrolment& all = enrolment();
  const std::lock_guard lock(all.mutex);
  static_cast<void>(living(all));
  all.engines.push_back(engine);
}

void Sweeper::watch() {
  Enrolment& all = enrolment();
  if (all.running.load(std::memory_order_relaxed)) return;
  if (!all.running.exchange(true)) std::thread(sweep_for_ever).detach();
}

}  // namespace semantrix::memory
