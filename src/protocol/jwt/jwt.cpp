#include "protocol/jwt/jwt.hpp"

#include "protocol/jwt/base64url.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace semantrix::jwt {
namespace {

namespace json = boost::json;

void set(json::object& object, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  object[json::string_view(name.data(), name.size())] = json::string_view(text.data(), text.size());
}

std::string part(const json::object& object) { return base64url(json::serialize(object)); }

}  // namespace

Result<std::string> encode(const SigningKey& key, std::string_view key_id, const Claims& claims) {
  json::object header;
  set(header, "alg", "RS256");
  set(header, "typ", "JWT");
  set(header, "kid", key_id);
  json::object body;
  set(body, "iss", claims.issuer);
  set(body, "sub", claims.subject);
  set(body, "aud", claims.audience);
  set(body, "scope", claims.scope);
  const std::chrono::seconds issued = claims.issued.time_since_epoch();
  body["iat"] = issued.count();
  body["exp"] = (issued + claims.lifetime).count();
  std::string token = part(header) + "." + part(body);
  const Result<std::string> signature = key.sign(token);
  if (!signature) return signature.error();
  token += "." + base64url(*signature);
  return token;
}

}  // namespace semantrix::jwt
