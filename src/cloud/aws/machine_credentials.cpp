#include "cloud/aws/machine_credentials.hpp"

#include "cloud/access/json_fields.hpp"
#include "cloud/aws/credentials_document.hpp"

#include <random>
#include <utility>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;

constexpr std::string_view who = "the machine's metadata service";
constexpr std::string_view folder = "iam/security-credentials/";

/// Long enough for a trouble there to pass, and not the same for a whole fleet.
std::chrono::seconds extension() {
  thread_local std::minstd_rand generator(std::random_device{}());
  std::uniform_int_distribution<int> minutes(17, 25);
  return std::chrono::minutes(minutes(generator));
}

/// The first line.
std::string role_in(std::string text) {
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

}  // namespace

MachineCredentials::MachineCredentials(cloud::SharedSurroundings surroundings)
    : surroundings_(std::move(surroundings)), metadata_(surroundings_) {}

void MachineCredentials::extend(Credentials& credentials) const {
  const auto now = cloud::wall_seconds(*surroundings_);
  if (credentials.expires && *credentials.expires <= now) credentials.expires = now + extension();
}

awaitable<Result<std::optional<Credentials>>> MachineCredentials::fetch(Deadline deadline) {
  auto listing = metadata_.get(std::string(folder), deadline);
  const Result<std::string> roles = co_await std::move(listing);
  if (!roles && roles.error().code() == ErrorCode::not_supported) {
    co_return std::optional<Credentials>();
  }
  if (!roles) co_return roles.error();
  const std::string role = role_in(*roles);
  if (role.empty()) co_return std::optional<Credentials>();
  auto getting = metadata_.get(std::string(folder) + role, deadline);
  const Result<std::string> document = co_await std::move(getting);
  if (!document) co_return document.error();
  const auto object = cloud::parse_json_object(*document);
  const std::string code = object ? cloud::text_field(*object, "Code") : std::string();
  if (!code.empty() && code != "Success") co_return refused_with(503, who, code);
  Result<Credentials> found = parse_credentials(*document, "Token", who);
  if (!found) co_return found.error();
  extend(*found);
  co_return std::optional(*std::move(found));
}

}  // namespace semantrix::aws
