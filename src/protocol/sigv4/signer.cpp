#include "protocol/sigv4/signer.hpp"

#include "protocol/sigv4/encode.hpp"

#include <openssl/crypto.h>

#include <array>
#include <cstddef>
#include <utility>

namespace semantrix::sigv4 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t day_digits = 8;

constexpr auto own_headers =
    std::to_array<std::string_view>({"x-amz-date", "x-amz-security-token"});

void erase(std::string& secret) noexcept { OPENSSL_cleanse(secret.data(), secret.size()); }

std::span<const unsigned char> bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// The request's headers and the signature's own.
CanonicalHeaders headers_to_sign(const Request& request, std::span<const Header> own) {
  std::vector<Header> headers;
  headers.reserve(request.headers.size() + own.size());
  for (const Header& header : request.headers) {
    const std::string name = lower_case(header.name);
    if (name != own_headers[0] && name != own_headers[1]) headers.push_back(header);
  }
  headers.insert(headers.end(), own.begin(), own.end());
  return canonical_headers(headers);
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query += '&';
  query.append(name).append("=");
  append_encoded(query, value);
}

}  // namespace

Signer::Signer(std::string region, std::string service, Dialect dialect)
    : region_(std::move(region)), service_(std::move(service)), dialect_(dialect) {}

Signer::~Signer() {
  erase(secret_);
  OPENSSL_cleanse(key_.data(), key_.size());
}

Signer::Scope Signer::scope(std::chrono::sys_seconds now) const {
  Scope scope;
  scope.date = timestamp(now);
  scope.text.append(scope.date, 0, day_digits).append("/").append(region_).append("/");
  scope.text.append(service_).append("/aws4_request");
  return scope;
}

std::string Signer::string_to_sign(const Scope& scope, std::string_view canonical_request) const {
  std::string text;
  text.append(algorithm).append("\n").append(scope.date).append("\n").append(scope.text);
  return text.append("\n").append(body_hash(canonical_request));
}

Sha256 Signer::signing_key(std::string_view secret, std::string_view day) const {
  const std::lock_guard lock(mutex_);
  if (day_ == day && secret_ == secret) return key_;
  std::string seed = "AWS4";
  seed += secret;
  key_ = hmac(hmac(hmac(hmac(bytes_of(seed), day), region_), service_), "aws4_request");
  erase(seed);
  erase(secret_);
  secret_ = secret;
  day_ = day;
  return key_;
}

std::string Signer::signature(std::string_view secret, const Scope& scope,
                              std::string_view text) const {
  const std::string_view day = std::string_view(scope.date).substr(0, day_digits);
  return to_hex(hmac(signing_key(secret, day), text));
}

HeaderSignature Signer::sign(const Identity& identity, const Request& request,
                             std::chrono::sys_seconds now) const {
  const Scope at = scope(now);
  std::vector<Header> own = {{own_headers[0], at.date}};
  if (!identity.session_token.empty() && dialect_.sign_session_token) {
    own.push_back({own_headers[1], identity.session_token});
  }
  const CanonicalHeaders headers = headers_to_sign(request, own);
  HeaderSignature result;
  result.canonical_request = canonical_request(request, request.query, headers, dialect_);
  result.string_to_sign = string_to_sign(at, result.canonical_request);
  result.signature = signature(identity.secret_access_key, at, result.string_to_sign);
  result.authorization.append(algorithm).append(" Credential=").append(identity.access_key_id);
  result.authorization.append("/").append(at.text).append(", SignedHeaders=");
  result.authorization.append(signed_header_names(headers)).append(", Signature=");
  result.authorization.append(result.signature);
  result.date = at.date;
  return result;
}

QuerySignature Signer::presign(const Identity& identity, const Request& request,
                               std::chrono::sys_seconds now, std::chrono::seconds lifetime) const {
  const Scope at = scope(now);
  const CanonicalHeaders headers = headers_to_sign(request, {});
  std::string credential(identity.access_key_id);
  credential.append("/").append(at.text);
  QuerySignature result;
  result.query = request.query;
  append_parameter(result.query, "X-Amz-Algorithm", algorithm);
  append_parameter(result.query, "X-Amz-Credential", credential);
  append_parameter(result.query, "X-Amz-Date", at.date);
  append_parameter(result.query, "X-Amz-SignedHeaders", signed_header_names(headers));
  append_parameter(result.query, "X-Amz-Expires", std::to_string(lifetime.count()));
  std::string token;
  if (!identity.session_token.empty()) {
    append_parameter(token, "X-Amz-Security-Token", identity.session_token);
  }
  if (!token.empty() && dialect_.sign_session_token) result.query.append("&").append(token);
  result.canonical_request = canonical_request(request, result.query, headers, dialect_);
  result.string_to_sign = string_to_sign(at, result.canonical_request);
  result.signature = signature(identity.secret_access_key, at, result.string_to_sign);
  if (!token.empty() && !dialect_.sign_session_token) result.query.append("&").append(token);
  append_parameter(result.query, "X-Amz-Signature", result.signature);
  return result;
}

}  // namespace semantrix::sigv4
