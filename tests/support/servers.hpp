#pragma once

#include "support/endpoint.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The real servers that `tools/servers run` started for this process. Everything here throws
/// std::runtime_error with a clear sentence when a server, or what it was to do, is missing: a test
/// that cannot reach its server fails.
namespace semantrix::testing {

/// How to reach and enter one form of server. What a form has not is empty.
struct ServerAddress {
  std::string form;                 ///< "redis_cluster"
  std::vector<Endpoint> endpoints;  ///< In the order of the servers' numbers; at least one.
  std::string user;
  std::string password;
  std::string admin_user;  ///< Of redis_acl: one who may do everything, for the test's own checks.
  std::string admin_password;
  std::string ca;  ///< Files in PEM.
  std::string certificate;
  std::string key;

  [[nodiscard]] const Endpoint& endpoint() const { return endpoints.front(); }
};

/// The form that the test named in `semantrix_server_test(… FORMS form)`.
ServerAddress server(std::string_view form);

/// A file of the run's certificates: "stranger.crt" is an authority that signed none of ours.
std::string certificate_file(std::string_view name);

/// By a server's name: its form, with a number from 1 where the form has several servers
/// ("redis_cluster_2"). `kill_server` is kill -9; `restart_server` starts it on its old port and
/// returns once it answers, if only to say that it is loading; `options` of the server
/// ("--maxmemory", "1mb") hold for that start. A paused server keeps its connections.
void kill_server(std::string_view name);
void restart_server(std::string_view name, const std::vector<std::string>& options = {});
void pause_server(std::string_view name);
void resume_server(std::string_view name);

/// What the real redis-cli prints for a command, without the last newline: how a test checks the
/// product against an independent client. As the administrator where the form has one. A cluster's
/// redirections are followed unless one `node` is named. Error replies are output; a server that
/// cannot be reached throws. `input`, if there is any, becomes the command's last argument and may
/// hold any bytes.
std::string redis_cli(const ServerAddress& server, const std::vector<std::string>& command,
                      const std::string& input = {});
std::string redis_cli(const ServerAddress& server, const Endpoint& node,
                      const std::vector<std::string>& command, const std::string& input = {});

}  // namespace semantrix::testing
