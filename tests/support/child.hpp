#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace semantrix::testing {

/// Whether the work, done in a child of this process, succeeds before a minute is over.
template <class Work>
bool child_can(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    ::_exit(work() ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == EXIT_SUCCESS;
}

}  // namespace semantrix::testing
