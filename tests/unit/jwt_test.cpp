#include "protocol/jwt/jwt.hpp"

#include "protocol/jwt/base64url.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace semantrix::jwt {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;

Key rsa(unsigned bits) { return {EVP_RSA_gen(bits), EVP_PKEY_free}; }

std::string pem_of(const Key& key, const char* structure, const char* cipher = nullptr) {
  const std::unique_ptr<OSSL_ENCODER_CTX, decltype(&OSSL_ENCODER_CTX_free)> encoder(
      OSSL_ENCODER_CTX_new_for_pkey(key.get(), EVP_PKEY_KEYPAIR, "PEM", structure, nullptr),
      OSSL_ENCODER_CTX_free);
  if (cipher != nullptr) {
    OSSL_ENCODER_CTX_set_cipher(encoder.get(), cipher, nullptr);
    const std::string word = "secret";
    OSSL_ENCODER_CTX_set_passphrase(
        encoder.get(), reinterpret_cast<const unsigned char*>(word.data()), word.size());
  }
  unsigned char* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(OSSL_ENCODER_to_data(encoder.get(), &data, &size), 1);
  std::string pem(reinterpret_cast<char*>(data), size);
  OPENSSL_free(data);
  return pem;
}

const Key& test_key() {
  static const Key key = rsa(2048);
  return key;
}

/// By another way than the one under test: "-_" put back, padding added, EVP_DecodeBlock.
std::string decoded(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.erase(bytes.end() - static_cast<std::ptrdiff_t>(padding), bytes.end());
  return bytes;
}

bool is_signature(const Key& key, const std::string& text, const std::string& signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

TEST(Base64Url, WritesTheExamplesOfTheRfcWithoutPadding) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

TEST(Base64Url, IsReadBackByOpenSsl) {
  std::string bytes;
  for (int i = 0; i != 300; ++i) {
    EXPECT_EQ(decoded(base64url(bytes)), bytes) << i << " bytes";
    bytes += static_cast<char>(i * 7);
  }
}

TEST(SigningKey, TakesBothFormsOfPem) {
  for (const char* form : {"PrivateKeyInfo", "type-specific"}) {
    const auto key = SigningKey::from_pem(pem_of(test_key(), form));
    ASSERT_TRUE(key) << form;
    const auto signature = key->sign("text");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(is_signature(test_key(), "text", *signature));
    EXPECT_FALSE(is_signature(test_key(), "other", *signature));
  }
}

TEST(SigningKey, RefusesWhatIsNone) {
  const Key curve(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::string pem = pem_of(test_key(), "PrivateKeyInfo");
  for (const std::string& text :
       {std::string(), std::string("secret"), pem.substr(0, pem.size() / 2),
        pem_of(curve, "PrivateKeyInfo"), pem_of(rsa(1024), "PrivateKeyInfo"),
        pem_of(test_key(), "PrivateKeyInfo", "AES-256-CBC")}) {
    const auto key = SigningKey::from_pem(text);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(key.error().to_string().find("secret"), std::string::npos);
  }
}

TEST(Jwt, HasHeaderClaimsAndAnRs256Signature) {
  const auto key = SigningKey::from_pem(pem_of(test_key(), "PrivateKeyInfo"));
  ASSERT_TRUE(key);
  Claims claims;
  claims.issuer = claims.subject = "me@example.com";
  claims.scope = "a b";
  claims.issued = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000));
  const auto token = encode(*key, "key-1", claims);
  ASSERT_TRUE(token);
  const auto dot = token->find('.');
  const auto last = token->rfind('.');
  EXPECT_TRUE(is_signature(test_key(), token->substr(0, last), decoded(token->substr(last + 1))));
  const auto header = boost::json::parse(decoded(token->substr(0, dot)));
  EXPECT_EQ(header, boost::json::parse(R"({"alg":"RS256","typ":"JWT","kid":"key-1"})"));
  const auto body = boost::json::parse(decoded(token->substr(dot + 1, last - dot - 1)));
  EXPECT_EQ(body, boost::json::parse(R"({"iss":"me@example.com","sub":"me@example.com",
      "scope":"a b","iat":1700000000,"exp":1700003600})"));
}

TEST(Jwt, LeavesOutWhatIsEmpty) {
  const auto key = SigningKey::from_pem(pem_of(test_key(), "PrivateKeyInfo"));
  ASSERT_TRUE(key);
  Claims claims;
  claims.issuer = "me";
  claims.audience = "https://example.com/token";
  const auto token = encode(*key, "", claims);
  ASSERT_TRUE(token);
  const auto dot = token->find('.');
  EXPECT_EQ(boost::json::parse(decoded(token->substr(0, dot))),
            boost::json::parse(R"({"alg":"RS256","typ":"JWT"})"));
  const auto last = token->rfind('.');
  const auto body = boost::json::parse(decoded(token->substr(dot + 1, last - dot - 1)));
  EXPECT_FALSE(body.as_object().contains("scope"));
  EXPECT_EQ(body.at("aud"), "https://example.com/token");
}

}  // namespace
}  // namespace semantrix::jwt
