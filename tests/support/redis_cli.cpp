#include "support/program.hpp"
#include "support/servers.hpp"

#include <stdexcept>
#include <utility>

namespace semantrix::testing {
namespace {

std::vector<std::string> command_line(const ServerAddress& server, const Endpoint& node) {
  std::vector<std::string> words{"redis-cli", "-h", node.host, "-p", std::to_string(node.port)};
  const auto option = [&words](const char* name, const std::string& value) {
    if (value.empty()) return;
    words.emplace_back(name);
    words.push_back(value);
  };
  if (!server.ca.empty()) words.emplace_back("--tls");
  option("--cacert", server.ca);
  option("--cert", server.certificate);
  option("--key", server.key);
  option("--user", server.admin_user.empty() ? server.user : server.admin_user);
  return words;
}

std::string run(const ServerAddress& server, std::vector<std::string> words,
                const std::vector<std::string>& command, const std::string& input) {
  if (!input.empty()) words.emplace_back("-x");
  words.insert(words.end(), command.begin(), command.end());
  std::vector<std::pair<std::string, std::string>> settings;
  const auto& password = server.admin_user.empty() ? server.password : server.admin_password;
  if (!password.empty()) settings.emplace_back("REDISCLI_AUTH", password);
  auto done = run_program(words, input, settings);
  if (done.status != 0) {
    throw std::runtime_error("redis-cli " + command.at(0) + " on " + server.form +
                             " failed: " + done.output);
  }
  if (done.output.ends_with('\n')) done.output.pop_back();
  return std::move(done.output);
}

}  // namespace

std::string redis_cli(const ServerAddress& server, const std::vector<std::string>& command,
                      const std::string& input) {
  auto words = command_line(server, server.endpoint());
  if (server.endpoints.size() > 1) words.emplace_back("-c");
  return run(server, std::move(words), command, input);
}

std::string redis_cli(const ServerAddress& server, const Endpoint& node,
                      const std::vector<std::string>& command, const std::string& input) {
  return run(server, command_line(server, node), command, input);
}

}  // namespace semantrix::testing
