#pragma once

#include "net_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/ssl.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace semantrix::net {

/// Certificates made by the openssl command, in a folder that goes with the tests.
class Certificates {
 public:
  Certificates() {
    std::string pattern = std::filesystem::temp_directory_path() / "semantrix_tls_XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
    authority("good");
    authority("other");
    leaf("good", "server", "DNS:localhost,IP:127.0.0.1");
    leaf("good", "elsewhere", "DNS:cache.example,DNS:*.cache.example");
    leaf("good", "client", "DNS:client.example");
    leaf("other", "stranger", "DNS:localhost,IP:127.0.0.1");
    run(new_key_ + " -x509 -subj /CN=localhost -days 2" + out("selfsigned"));
    run(new_key_ + " -subj /CN=localhost -keyout " + file("expired.key") + " -out " +
        file("expired.csr"));
    run("openssl x509 -req -in " + file("expired.csr") + signed_by("good") + " -days -1 -out " +
        file("expired.crt"));
    run("openssl ec -in " + file("client.key") + " -aes128 -passout pass:secret -out " +
        file("encrypted.key"));
  }
  ~Certificates() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] bool complete() const { return complete_; }

  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name)) << text;
    return file(name);
  }

 private:
  void run(const std::string& command) {
    complete_ = std::system((command + " >/dev/null 2>&1").c_str()) == 0 && complete_;
  }
  [[nodiscard]] std::string out(const std::string& name) const {
    return " -keyout " + file(name + ".key") + " -out " + file(name + ".crt");
  }
  [[nodiscard]] std::string signed_by(const std::string& authority) const {
    return " -CA " + file(authority + ".crt") + " -CAkey " + file(authority + ".key");
  }
  void authority(const std::string& name) {
    run(new_key_ + " -x509 -days 2 -subj /CN=" + name + out(name));
  }
  void leaf(const std::string& authority, const std::string& name, const std::string& names) {
    run(new_key_ + " -x509 -days 2 -subj /CN=" + name + signed_by(authority) +
        " -addext basicConstraints=CA:FALSE -addext subjectAltName=" + names + out(name));
  }

  const std::string new_key_ =
      "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
  std::filesystem::path folder_;
  bool complete_ = true;
};

/// Servers that echo over TLS, and clients that trust the authority "good".
class TlsTest : public NetTest {
 protected:
  using ServerStream = boost::asio::ssl::stream<Tcp::socket>;

  static void SetUpTestSuite() { certificates = std::make_unique<Certificates>(); }
  static void TearDownTestSuite() { certificates.reset(); }
  void SetUp() override { ASSERT_TRUE(certificates->complete()) << "openssl fails"; }

  [[nodiscard]] static std::string file(const std::string& name) {
    return certificates->file(name);
  }

  /// Serves one connection with a certificate, on a free port.
  Endpoint serve(
      const std::string& certificate,
      const std::function<void(SSL_CTX*)>& set_up = [](SSL_CTX*) {}) {
    boost::asio::ssl::context context(boost::asio::ssl::context::tls_server);
    context.use_certificate_chain_file(file(certificate + ".crt"));
    context.use_private_key_file(file(certificate + ".key"), boost::asio::ssl::context::pem);
    set_up(context.native_handle());
    auto acceptor = listen();
    Endpoint endpoint{"localhost", endpoint_of(acceptor).port};
    boost::asio::co_spawn(context_, echo(std::move(acceptor), std::move(context)),
                          boost::asio::detached);
    return endpoint;
  }

  /// A server's set-up that asks for a client's certificate.
  static void ask_for_certificate(SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_load_verify_file(context, file("good.crt").c_str());
  }

  static std::shared_ptr<TlsContext> context_of(const TlsOptions& options) {
    auto context = make_tls_context(options);
    EXPECT_TRUE(context) << context.error().to_string();
    return context ? *context : nullptr;
  }
  static TlsOptions trusting(const std::string& authority) {
    TlsOptions options;
    options.ca_certs = file(authority + ".crt");
    return options;
  }

  Result<Stream> call_tls(const Endpoint& to, const TlsOptions& options,
                          std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    return call({.endpoint = to, .tls = context_of(options)}, patience);
  }

  /// The name that the client sent to the server, "-" for none, once the handshake is over.
  std::string asked_for() {
    const auto until = steady_clock::now() + std::chrono::seconds(5);
    context_.restart();
    while (asked_for_.empty() && steady_clock::now() < until) context_.run_one_until(until);
    return asked_for_;
  }

  inline static std::unique_ptr<Certificates> certificates;

 private:
  std::string asked_for_;

  boost::asio::awaitable<void> echo(Tcp::acceptor acceptor, boost::asio::ssl::context context) {
    constexpr auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
    ServerStream stream(context_, context);
    auto [refused] = co_await acceptor.async_accept(stream.next_layer(), token);
    if (refused) co_return;
    auto [failed] = co_await stream.async_handshake(ServerStream::server, token);
    const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
    asked_for_ = failed ? "(the handshake failed)" : name != nullptr ? name : "-";
    std::array<char, 4096> bytes;
    while (!failed) {
      auto [ended, size] = co_await stream.async_read_some(boost::asio::buffer(bytes), token);
      if (ended) break;
      auto [lost, written] =
          co_await boost::asio::async_write(stream, boost::asio::buffer(bytes.data(), size), token);
      if (lost) break;
    }
  }
};

}  // namespace semantrix::net
