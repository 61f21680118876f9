#include "cloud/aws/static_credentials.hpp"

#include <utility>

namespace semantrix::aws {

StaticCredentials::StaticCredentials(Credentials credentials)
    : credentials_(std::move(credentials)) {}

boost::asio::awaitable<Result<std::optional<Credentials>>> StaticCredentials::fetch(
    Deadline /*deadline*/) {
  co_return std::optional(credentials_);
}

}  // namespace semantrix::aws
