#include "cloud/gcp/service_account.hpp"

#include "cloud/access/json_fields.hpp"
#include "cloud/gcp/credentials_file.hpp"
#include "protocol/jwt/jwt.hpp"

#include <utility>

namespace semantrix::gcp {

using boost::asio::awaitable;

Result<OwnedTokenSource> ServiceAccount::make(const boost::json::object& file,
                                              cloud::SharedSurroundings surroundings) {
  const FileFields fields(file, "a service account");
  std::string email;
  std::string pem;
  if (auto read = fields.read("client_email", email); !read) return read.error();
  if (auto read = fields.read("private_key", pem); !read) return read.error();
  auto key = jwt::SigningKey::from_pem(pem);
  if (!key) return unusable(key.error().message(), key.error().remedy());
  std::unique_ptr<ServiceAccount> account(
      new ServiceAccount(std::move(surroundings), *std::move(key)));
  account->email_ = std::move(email);
  account->key_id_ = cloud::text_field(file, "private_key_id");
  account->quota_project_ = cloud::text_field(file, "quota_project_id");
  return OwnedTokenSource(std::move(account));
}

awaitable<Result<GoogleAccessToken>> ServiceAccount::fetch(Deadline /*deadline*/) {
  jwt::Claims claims;
  claims.issuer = email_;
  claims.subject = email_;
  claims.scope = cloud_scope;
  claims.issued = cloud::wall_seconds(*surroundings_);
  Result<std::string> encoded = jwt::encode(key_, key_id_, claims);
  if (!encoded) co_return encoded.error();
  GoogleAccessToken token;
  token.token = *std::move(encoded);
  token.expires = claims.issued + claims.lifetime;
  co_return token;
}

}  // namespace semantrix::gcp
