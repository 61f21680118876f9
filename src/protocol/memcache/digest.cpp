#include "protocol/memcache/digest.hpp"

#include <openssl/evp.h>

#include <new>

namespace semantrix::memcache {

Sha256 sha256(std::string_view bytes) {
  // Looked up once: the lookup costs more than hashing a key.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Sha256 digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm, nullptr) != 1) {
    throw std::bad_alloc();
  }
  return digest;
}

std::optional<Md5> md5(std::string_view bytes) noexcept {
  // Where only approved algorithms are the rule, this asks for it nevertheless: it guards nothing.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "MD5", "-fips");
  Md5 digest{};
  if (algorithm == nullptr) return std::nullopt;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm, nullptr) != 1) {
    return std::nullopt;
  }
  return digest;
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string digits((bytes.size() + 2) / 3 * 4 + 1, '\0');  // One more for OpenSSL's terminator.
  auto* out = reinterpret_cast<unsigned char*>(digits.data());
  const int written = EVP_EncodeBlock(out, bytes.data(), static_cast<int>(bytes.size()));
  digits.resize(static_cast<std::size_t>(written));
  return digits;
}

}  // namespace semantrix::memcache
