#include "cloud/access/surroundings.hpp"

#include "base/quote.hpp"
#include "cloud/access/net_transport.hpp"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace semantrix::cloud {
namespace {

constexpr std::size_t largest_file = std::size_t{1024} * 1024;

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(blanks) - begin + 1));
}

std::string process_variable(std::string_view name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of ours writes the environment.
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::string() : trimmed(value);
}

Error unreadable(const std::string& path, std::string_view why) {
  return {ErrorCode::io_error, quote(path) + " cannot be read: " + std::string(why),
          "let this user read it, or name another file"};
}

Result<std::optional<std::string>> process_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::optional<std::string>();
  if (error) return unreadable(path, error.message());
  if (std::filesystem::is_directory(status)) return unreadable(path, "it is a directory");
  std::ifstream in(path, std::ios::binary);
  if (!in) return unreadable(path, std::generic_category().message(errno));
  std::string text(largest_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return unreadable(path, "reading failed");
  if (text.size() > largest_file) return unreadable(path, "it has more than 1 MiB");
  return std::optional(std::move(text));
}

}  // namespace

SharedSurroundings process_surroundings() {
  auto surroundings = std::make_shared<Surroundings>();
  surroundings->variable = process_variable;
  surroundings->file = process_file;
  TlsOptions tls;
  tls.ca_certs = process_variable("AWS_CA_BUNDLE");
  surroundings->transport = std::make_shared<NetTransport>(std::move(tls));
  return surroundings;
}

std::string expand_home(const Surroundings& surroundings, std::string_view path) {
  if (!path.starts_with("~/")) return std::string(path);
  return surroundings.variable("HOME") + std::string(path.substr(1));
}

std::chrono::sys_seconds wall_seconds(const Surroundings& surroundings) {
  return std::chrono::sys_seconds(
      std::chrono::floor<std::chrono::seconds>(surroundings.clock->wall_now()));
}

}  // namespace semantrix::cloud
