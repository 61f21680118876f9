#include "protocol/sigv4/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace semantrix::sigv4 {
namespace {

constexpr std::size_t block_bytes = 64;
using Block = std::array<unsigned char, block_bytes>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Looked up once: the lookup costs more than hashing a request.
const EVP_MD* algorithm() {
  static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return found;
}

void require(bool done) {
  if (!done) throw std::bad_alloc();
}

Sha256 hash_two(EVP_MD_CTX* context, std::span<const unsigned char> first,
                std::span<const unsigned char> second) {
  Sha256 digest{};
  require(EVP_DigestInit_ex2(context, algorithm(), nullptr) == 1 &&
          EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
          EVP_DigestUpdate(context, second.data(), second.size()) == 1 &&
          EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 digest{};
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm(), nullptr) ==
          1);
  return digest;
}

// By hand: OpenSSL 3's own looks its parts up by name at every use, which costs more than the rest.
Sha256 hmac(std::span<const unsigned char> key, std::string_view text) {
  Sha256 short_key{};
  if (key.size() > block_bytes) {
    short_key = sha256({reinterpret_cast<const char*>(key.data()), key.size()});
    key = short_key;
  }
  Block inner{};
  Block outer{};
  std::copy(key.begin(), key.end(), inner.begin());
  outer = inner;
  for (unsigned char& byte : inner) byte ^= 0x36;
  for (unsigned char& byte : outer) byte ^= 0x5c;
  const Context context(EVP_MD_CTX_new());
  require(context != nullptr);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const Sha256 hashed = hash_two(context.get(), inner, {bytes, text.size()});
  const Sha256 digest = hash_two(context.get(), outer, hashed);
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  OPENSSL_cleanse(short_key.data(), short_key.size());
  return digest;
}

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string body_hash(std::string_view bytes) { return to_hex(sha256(bytes)); }

}  // namespace semantrix::sigv4
