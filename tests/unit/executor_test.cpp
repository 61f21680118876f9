// The library's own thread: one a process, a new one in a forked child.
#include <semantrix/executor.hpp>

#include <boost/asio/packaged_task.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>
#include <vector>

#if defined(__SANITIZE_THREAD__)
/// A child that starts threads is what is tested here.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif

namespace semantrix {
namespace {

template <class Call>
auto on_library_thread(Call call) {
  using Outcome = decltype(call());
  return boost::asio::post(library_executor(), std::packaged_task<Outcome()>(std::move(call)));
}

std::thread::id library_thread() {
  return on_library_thread([] { return std::this_thread::get_id(); }).get();
}

TEST(LibraryExecutor, is_one_thread_that_is_not_the_callers) {
  const std::thread::id id = library_thread();
  EXPECT_NE(id, std::this_thread::get_id());
  EXPECT_EQ(library_thread(), id);
  EXPECT_EQ(library_executor(), library_executor());
}

TEST(LibraryExecutor, is_one_whoever_asks_first) {
  std::vector<std::future<std::thread::id>> ids;
  for (int i = 0; i != 8; ++i) ids.push_back(std::async(std::launch::async, library_thread));
  const std::thread::id id = library_thread();
  for (auto& other : ids) EXPECT_EQ(other.get(), id);
}

TEST(LibraryExecutor, leaves_signals_to_the_programs_threads) {
  const bool blocked = on_library_thread([] {
                         sigset_t set;
                         pthread_sigmask(SIG_SETMASK, nullptr, &set);
                         return sigismember(&set, SIGINT) == 1 && sigismember(&set, SIGTERM) == 1;
                       }).get();
  EXPECT_TRUE(blocked);
  sigset_t mine;
  pthread_sigmask(SIG_SETMASK, nullptr, &mine);
  EXPECT_EQ(sigismember(&mine, SIGINT), 0);
}

TEST(LibraryExecutor, starts_afresh_in_a_forked_child) {
  library_thread();
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    alarm(30);  // A parent's context would never run anything here.
    const int answer = on_library_thread([] { return 42; }).get();
    _exit(answer == 42 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  library_thread();  // The parent's goes on.
}

TEST(LibraryExecutor, a_child_forked_on_the_librarys_thread_has_its_own) {
  const int status = on_library_thread([] {
                       const pid_t child = fork();
                       if (child == 0) {
                         alarm(30);
                         _exit(on_library_thread([] { return 42; }).get() == 42 ? 0 : 1);
                       }
                       int outcome = -1;
                       waitpid(child, &outcome, 0);
                       return outcome;
                     }).get();
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace semantrix
