#include "protocol/jwt/signing_key.hpp"

#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstddef>
#include <utility>

namespace semantrix::jwt {
namespace {

constexpr int fewest_bits = 2048;

Error no_key(std::string why) {
  return {ErrorCode::invalid_argument, "the private key cannot be used: " + std::move(why),
          "take the private_key of a service account's key file as it is"};
}

Error cannot_sign() {
  ERR_clear_error();
  return {ErrorCode::internal, "OpenSSL cannot sign with the private key"};
}

}  // namespace

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
  EVP_PKEY* decoded = nullptr;
  const std::unique_ptr<OSSL_DECODER_CTX, decltype(&OSSL_DECODER_CTX_free)> decoder(
      OSSL_DECODER_CTX_new_for_pkey(&decoded, "PEM", nullptr, nullptr, EVP_PKEY_KEYPAIR, nullptr,
                                    nullptr),
      OSSL_DECODER_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(pem.data());
  std::size_t size = pem.size();
  OSSL_DECODER_from_data(decoder.get(), &bytes, &size);
  std::shared_ptr<EVP_PKEY> key(decoded, EVP_PKEY_free);
  ERR_clear_error();
  if (!key) return no_key("it is no private key in PEM, or an encrypted one");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return no_key("it is no RSA key");
  if (EVP_PKEY_get_bits(key.get()) < fewest_bits) return no_key("it has fewer than 2048 bits");
  return SigningKey(std::move(key));
}

Result<std::string> SigningKey::sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1) {
    return cannot_sign();
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) return cannot_sign();
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, bytes, text.size()) != 1) return cannot_sign();
  signature.resize(size);
  return signature;
}

}  // namespace semantrix::jwt
