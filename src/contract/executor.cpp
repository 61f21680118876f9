#include "contract/library_thread.hpp"
#include <semantrix/executor.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

namespace semantrix {
namespace {

thread_local bool is_library_thread = false;

/// One io_context, run by one thread until the process ends.
class LibraryThread {
 public:
  [[nodiscard]] boost::asio::any_io_executor executor() { return context_.get_executor(); }

  void start() {
    // The program's signal handlers belong on the program's threads.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([this] {
      pthread_setname_np(pthread_self(), "semantrix");
      is_library_thread = true;
      context_.run();
    }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(context_);
};

// Leaked on purpose: calls may be under way while static objects are destroyed.
std::atomic<LibraryThread*> current{nullptr};

/// The parent's thread does not exist in the child, and its context may be locked for good.
void forget_in_child() noexcept {
  current.store(nullptr, std::memory_order_relaxed);
  is_library_thread = false;
}

// At load time, and not on first use: a static local's guard may be held by another thread when the
// process forks.
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, forget_in_child);

}  // namespace

boost::asio::any_io_executor library_executor() {
  if (LibraryThread* thread = current.load(std::memory_order_acquire)) return thread->executor();
  // No mutex, for the same reason: whoever installs its thread starts it.
  auto fresh = std::make_unique<LibraryThread>();
  LibraryThread* expected = nullptr;
  if (!current.compare_exchange_strong(expected, fresh.get(), std::memory_order_acq_rel)) {
    return expected->executor();
  }
  LibraryThread* installed = fresh.release();
  installed->start();
  return installed->executor();
}

namespace contract {

bool on_library_thread() noexcept { return is_library_thread; }

}  // namespace contract
}  // namespace semantrix
