#pragma once

#include "cloud/access/renewed.hpp"
#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"
#include <semantrix/google_memorystore_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace semantrix::gcp {

/// What requests are sent with.
struct Token : GoogleAccessToken {
  std::string quota_project = {};  ///< Whose quota is charged; empty: none is named.
};

}  // namespace semantrix::gcp

extern template class semantrix::cloud::Renewed<semantrix::gcp::Token>;

namespace semantrix::gcp {

/// Whoever asks Google holds one, and on a 401 calls `reject` and asks once more.
using TokenProvider = cloud::Renewed<Token>;
using SharedToken = TokenProvider::Shared;

/// Finds the credentials (`find_credentials`) when it is first asked.
[[nodiscard]] std::shared_ptr<TokenProvider> make_token_provider(
    const boost::asio::any_io_executor& executor, GoogleAccess access,
    cloud::SharedSurroundings surroundings);

}  // namespace semantrix::gcp
