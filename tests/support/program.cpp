#include "support/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace semantrix::testing {
namespace {

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

/// An unnamed file: unlike a pipe, it never makes either side wait.
File temporary_file() {
  File file(std::tmpfile(), &std::fclose);
  if (!file) throw std::system_error(errno, std::generic_category(), "tmpfile");
  return file;
}

std::string contents(std::FILE* file) {
  std::string text;
  std::array<char, 4096> buffer{};
  std::rewind(file);
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file)) {
    text.append(buffer.data(), size);
  }
  return text;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  found.reserve(texts.size() + 1);
  for (auto& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

/// The first of two settings of one name counts.
std::vector<std::string> environment(
    const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> all;
  all.reserve(settings.size());
  for (const auto& [name, value] : settings) all.emplace_back(name).append("=").append(value);
  for (char** each = environ; *each != nullptr; ++each) all.emplace_back(*each);
  return all;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& command, const std::string& input,
                          const std::vector<std::pair<std::string, std::string>>& settings) {
  const File in = temporary_file();
  const File out = temporary_file();
  std::fwrite(input.data(), 1, input.size(), in.get());
  std::rewind(in.get());

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  auto words = command;
  auto variables = environment(settings);
  pid_t child = 0;
  const int error = posix_spawnp(&child, command.at(0).c_str(), &actions, nullptr,
                                 pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), command.at(0));
  const int status = wait_for(child);
  return {.status = status, .output = contents(out.get())};
}

}  // namespace semantrix::testing
