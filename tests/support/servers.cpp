#include "support/servers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace semantrix::testing {
namespace {

namespace asio = boost::asio;

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

std::string run_folder() {
  std::string folder = variable("SEMANTRIX_SERVERS");
  if (folder.empty()) {
    throw std::runtime_error(
        "SEMANTRIX_SERVERS is not set; run this program by `tools/servers run FORM -- PROGRAM`");
  }
  return folder;
}

std::string variable_prefix(std::string_view form) {
  std::string prefix = "SEMANTRIX_";
  for (const char letter : form) {
    prefix += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return prefix + "_";
}

Endpoint read_endpoint(std::string_view text) {
  Endpoint endpoint;
  const std::size_t colon = text.rfind(':');
  endpoint.host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (colon == std::string_view::npos || read.ec != std::errc{}) {
    throw std::runtime_error("'" + std::string(text) + "' is no endpoint");
  }
  return endpoint;
}

std::vector<Endpoint> read_endpoints(std::string_view text) {
  std::vector<Endpoint> endpoints;
  for (;;) {
    const std::size_t comma = text.find(',');
    endpoints.push_back(read_endpoint(text.substr(0, comma)));
    if (comma == std::string_view::npos) return endpoints;
    text.remove_prefix(comma + 1);
  }
}

/// The words are names and options of ours: no white space, no quotes.
void give_order(std::string order) {
  asio::io_context context;
  asio::local::stream_protocol::socket control(context);
  control.connect(asio::local::stream_protocol::endpoint(run_folder() + "/control"));
  order += '\n';
  asio::write(control, asio::buffer(order));
  std::string answer;
  asio::read_until(control, asio::dynamic_buffer(answer), '\n');
  if (answer != "done\n") throw std::runtime_error("tools/servers: " + answer);
}

}  // namespace

ServerAddress server(std::string_view form) {
  const std::string prefix = variable_prefix(form);
  std::string endpoints = variable(prefix + "ENDPOINT");
  if (endpoints.empty()) endpoints = variable(prefix + "ENDPOINTS");
  if (endpoints.empty()) {
    throw std::runtime_error("there is no server '" + std::string(form) +
                             "'; run this program by `tools/servers run " + std::string(form) +
                             " -- PROGRAM`");
  }
  return {.form = std::string(form),
          .endpoints = read_endpoints(endpoints),
          .user = variable(prefix + "USER"),
          .password = variable(prefix + "PASSWORD"),
          .admin_user = variable(prefix + "ADMIN_USER"),
          .admin_password = variable(prefix + "ADMIN_PASSWORD"),
          .ca = variable(prefix + "CA"),
          .certificate = variable(prefix + "CERTIFICATE"),
          .key = variable(prefix + "KEY")};
}

std::string certificate_file(std::string_view name) {
  return run_folder() + "/certificates/" + std::string(name);
}

void kill_server(std::string_view name) { give_order("kill " + std::string(name)); }

void restart_server(std::string_view name, const std::vector<std::string>& options) {
  std::string order = "restart " + std::string(name);
  for (const auto& option : options) order += " " + option;
  give_order(std::move(order));
}

void pause_server(std::string_view name) { give_order("pause " + std::string(name)); }

void resume_server(std::string_view name) { give_order("resume " + std::string(name)); }

}  // namespace semantrix::testing
