#include "net/tls_context.hpp"

#include "base/quote.hpp"
#include "net/tls_handshake.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

namespace semantrix::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Error refuse(std::string message, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

/// A file's text, or an error that names it: OpenSSL's own do not tell a missing file from an empty
/// one.
Result<std::string> read_pem(const std::string& path, std::string_view what) {
  std::error_code unknown;
  errno = std::filesystem::is_directory(path, unknown) ? EISDIR : 0;
  std::ifstream file;
  if (errno == 0) file.open(path, std::ios::binary);
  if (!file.is_open()) {
    const std::string why = std::generic_category().message(errno);
    return refuse("cannot read " + std::string(what) + " " + quote(path) + ": " + why,
                  "check the path and its permissions");
  }
  std::ostringstream bytes;
  bytes << file.rdbuf();
  std::string text = std::move(bytes).str();
  if (text.find("-----BEGIN ") != text.npos) return text;
  return refuse(std::string(what) + " " + quote(path) + " is not in PEM format",
                "convert it: it has to hold a line with BEGIN");
}

Error unusable(const std::string& path, std::string_view what, error_code why) {
  return refuse(std::string(what) + " " + quote(path) + " cannot be used: " + why.message(),
                "check that the file holds what its option asks for");
}

Result<void> trust(ssl::context& context, const std::string& path) {
  error_code failed;
  if (path.empty()) {
    context.set_default_verify_paths(failed);
    if (!failed) return {};
    return refuse("the system's certificate authorities cannot be read: " + failed.message(),
                  "name a PEM file in ssl_ca_certs");
  }
  const auto text = read_pem(path, "the authorities' file");
  if (!text) return text.error();
  context.load_verify_file(path, failed);
  if (failed) return unusable(path, "the authorities' file", failed);
  return {};
}

Result<void> trust(ssl::context& context, std::span<const std::string> authorities) {
  if (authorities.empty()) return refuse("the server tells no authority that signs for it", "");
  for (const std::string& pem : authorities) {
    error_code failed;
    context.add_certificate_authority(boost::asio::buffer(pem), failed);
    if (!failed) continue;
    return refuse("an authority that the server tells is no certificate: " + failed.message(), "");
  }
  return {};
}

Result<void> present(ssl::context& context, const TlsOptions& options) {
  if (options.certificate.empty() && options.private_key.empty()) return {};
  if (options.certificate.empty() || options.private_key.empty()) {
    return refuse("a client's certificate and its private key go together, and one is missing",
                  "name both files or none");
  }
  const auto certificate = read_pem(options.certificate, "the client's certificate");
  if (!certificate) return certificate.error();
  const auto key = read_pem(options.private_key, "the client's private key");
  if (!key) return key.error();
  error_code failed;
  context.use_certificate_chain(boost::asio::buffer(*certificate), failed);
  if (failed) return unusable(options.certificate, "the client's certificate", failed);
  context.use_private_key(boost::asio::buffer(*key), ssl::context::pem, failed);
  if (failed &&
      ERR_GET_REASON(static_cast<unsigned>(failed.value())) == X509_R_KEY_VALUES_MISMATCH) {
    return refuse("private key " + quote(options.private_key) + " does not belong to certificate " +
                      quote(options.certificate),
                  "name the key that the certificate was made with");
  }
  if (failed) {
    return refuse("the client's private key " + quote(options.private_key) +
                      " cannot be used: " + failed.message(),
                  "check that it is a private key and not encrypted");
  }
  return {};
}

/// Encrypted keys are refused. Without this OpenSSL asks on the terminal.
int no_password(char* /*password*/, int /*size*/, int /*writing*/, void* /*unused*/) { return -1; }

/// The library's thread is never joined: it may be in the middle of a handshake when the process
/// ends, and OpenSSL must not free what that works with. Counts for whoever uses OpenSSL first.
void keep_openssl_until_the_end() { OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr); }

ssl::context new_context() {
  keep_openssl_until_the_end();
  ssl::context context(ssl::context::tls_client);
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_default_passwd_cb(native, no_password);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  keep_sessions(native);
  return context;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsOptions& options) {
  ssl::context context = new_context();
  if (auto trusted = trust(context, options.ca_certs); !trusted) return trusted.error();
  if (auto presented = present(context, options); !presented) return presented.error();
  return std::make_shared<TlsContext>(std::move(context), options);
}

Result<std::shared_ptr<TlsContext>> make_tls_context(const TlsOptions& options,
                                                     std::span<const std::string> authorities) {
  ssl::context context = new_context();
  if (auto trusted = trust(context, authorities); !trusted) return trusted.error();
  if (auto presented = present(context, options); !presented) return presented.error();
  return std::make_shared<TlsContext>(std::move(context), options);
}

}  // namespace semantrix::net
