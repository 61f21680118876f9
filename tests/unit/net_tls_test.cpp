#include "net/tls_error.hpp"
#include "net_tls_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string_view>
#include <vector>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

void expect_words(const Error& error, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    EXPECT_NE(error.to_string().find(word), std::string::npos) << word << ": " << error.to_string();
  }
}

class TlsDialTest : public TlsTest {
 protected:
  /// Expects that TLS fails for good, in so many words.
  static void expect_refused(const Result<Stream>& stream,
                             std::initializer_list<std::string_view> words) {
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code(), ErrorCode::tls_failed) << stream.error().to_string();
    EXPECT_EQ(stream.error().info().phase, Phase::connecting);
    EXPECT_FALSE(stream.error().retryable());
    EXPECT_FALSE(stream.error().remedy().empty());
    expect_words(stream.error(), words);
  }

  /// What a read of the stream ends with.
  Error read_error(Stream& stream, const Endpoint& from) {
    auto one_read = [](Stream& source) -> asio::awaitable<boost::system::error_code> {
      char byte = 0;
      auto [failed, size] = co_await source.async_read_some(asio::buffer(&byte, 1),
                                                            asio::as_tuple(asio::use_awaitable));
      EXPECT_EQ(size, 0u);
      co_return failed;
    };
    const auto failed = run(one_read(stream));
    return stream_failed(from, failed.value_or(boost::system::error_code()), Phase::sent);
  }

  /// A server without TLS that answers the first bytes with a text, if any, and then closes or
  /// stays silent.
  Endpoint serve_plain(std::string answer, bool closes) {
    auto serve = [](Tcp::acceptor acceptor, std::string text, bool ends) -> asio::awaitable<void> {
      constexpr auto token = asio::as_tuple(asio::use_awaitable);
      auto [refused, socket] = co_await acceptor.async_accept(token);
      std::array<char, 4096> bytes;
      auto [failed, size] = co_await socket.async_read_some(asio::buffer(bytes), token);
      if (!text.empty()) co_await asio::async_write(socket, asio::buffer(text), token);
      // Until the client goes.
      while (!failed && !ends) {
        std::tie(failed, size) = co_await socket.async_read_some(asio::buffer(bytes), token);
      }
    };
    auto acceptor = listen();
    Endpoint endpoint = endpoint_of(acceptor);
    asio::co_spawn(context_, serve(std::move(acceptor), std::move(answer), closes), asio::detached);
    return endpoint;
  }
};

TEST_F(TlsDialTest, VerifiesANameAndSendsIt) {
  const auto stream = call_tls(serve("server"), trusting("good"));
  ASSERT_TRUE(stream) << stream.error().to_string();
  EXPECT_TRUE(stream->encrypted());
  EXPECT_TRUE(stream->is_open());
  EXPECT_EQ(asked_for(), "localhost");
}

TEST_F(TlsDialTest, VerifiesAnAddressAndSendsNone) {
  Endpoint to = serve("server");
  to.host = "127.0.0.1";
  const auto stream = call_tls(to, trusting("good"));
  ASSERT_TRUE(stream) << stream.error().to_string();
  EXPECT_EQ(asked_for(), "-");
}

/// Echoes over one connection after another, and notes which of them resumed a session.
asio::awaitable<void> echo_in_turn(Tcp::acceptor acceptor, asio::ssl::context context,
                                   std::vector<bool>& resumed) {
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  for (;;) {
    auto [refused, socket] = co_await acceptor.async_accept(token);
    if (refused) co_return;
    asio::ssl::stream<Tcp::socket> stream(std::move(socket), context);
    auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    resumed.push_back(SSL_session_reused(stream.native_handle()) == 1);
    std::array<char, 64> bytes;
    while (!failed) {
      auto [ended, size] = co_await stream.async_read_some(asio::buffer(bytes), token);
      if (ended) break;
      co_await asio::async_write(stream, asio::buffer(bytes.data(), size), token);
    }
  }
}

/// What the server leaves comes with what it says first.
asio::awaitable<bool> converse(Stream& stream) {
  constexpr auto token = asio::as_tuple(asio::use_awaitable);
  char byte = 'x';
  auto [lost, written] = co_await asio::async_write(stream, asio::buffer(&byte, 1), token);
  if (lost) co_return false;
  auto [failed, size] = co_await stream.async_read_some(asio::buffer(&byte, 1), token);
  co_return !failed && size == 1;
}

class TlsResumption : public TlsDialTest, public testing::WithParamInterface<int> {
 protected:
  TlsResumption() : server_(asio::ssl::context::tls_server) {}
  Endpoint serve_in_turn() {
    server_.use_certificate_chain_file(file("server.crt"));
    server_.use_private_key_file(file("server.key"), asio::ssl::context::pem);
    SSL_CTX_set_max_proto_version(server_.native_handle(), GetParam());
    auto acceptor = listen();
    Endpoint endpoint{"localhost", endpoint_of(acceptor).port};
    asio::co_spawn(context_, echo_in_turn(std::move(acceptor), std::move(server_), resumed_),
                   asio::detached);
    return endpoint;
  }
  void visit(const Destination& to) {
    auto stream = call(to);
    ASSERT_TRUE(stream) << stream.error().to_string();
    EXPECT_EQ(run(converse(*stream)), true);
  }

  asio::ssl::context server_;
  std::vector<bool> resumed_;
};

TEST_P(TlsResumption, EveryHandshakeButTheFirstIsShort) {
  const Destination to{.endpoint = serve_in_turn(), .tls = context_of(trusting("good"))};
  for (int i = 0; i != 4; ++i) visit(to);
  EXPECT_EQ(resumed_, (std::vector<bool>{false, true, true, true}));
}

TEST_P(TlsResumption, WhatWasVerifiedForOneNameIsNotForAnother) {
  Destination to{.endpoint = serve_in_turn(), .tls = context_of(trusting("good"))};
  visit(to);
  to.endpoint.host = "127.0.0.1";
  visit(to);
  EXPECT_EQ(resumed_, (std::vector<bool>{false, false}));
  to.server_name = "cache.example";
  EXPECT_FALSE(call(to));
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsResumption, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION));

TEST_F(TlsDialTest, AnotherNameMayBeExpected) {
  TlsOptions options = trusting("good");
  options.server_name = "cache.example";
  EXPECT_TRUE(call_tls(serve("elsewhere"), options));
  EXPECT_FALSE(call_tls(serve("server"), options));
  // The destination's own goes first; a dot at its end is the resolver's.
  Destination to{.endpoint = serve("elsewhere"), .tls = context_of(options)};
  to.server_name = "node1.cache.example.";
  EXPECT_TRUE(call(to));
  to.endpoint = serve("server");
  to.server_name = "127.0.0.1";
  EXPECT_TRUE(call(to));
}

TEST_F(TlsDialTest, CertificateForAnotherNameIsRefused) {
  const auto stream = call_tls(serve("elsewhere"), trusting("good"));
  expect_refused(stream, {"'cache.example'", "not for 'localhost'", "server_name"});
}

TEST_F(TlsDialTest, CertificateForAnotherAddressIsRefused) {
  Endpoint to = serve("elsewhere");
  to.host = "127.0.0.1";
  expect_refused(call_tls(to, trusting("good")), {"not for '127.0.0.1'"});
}

TEST_F(TlsDialTest, WildcardsCoverWholeLabelsOnly) {
  TlsOptions options = trusting("good");
  for (const char* name : {"a.b.cache.example", "xcache.example", "example"}) {
    options.server_name = name;
    expect_refused(call_tls(serve("elsewhere"), options), {"not for"});
  }
}

TEST_F(TlsDialTest, ChainOnlyTakesAnyNameOfTheAuthority) {
  TlsOptions options = trusting("good");
  options.verification = TlsVerification::chain_only;
  EXPECT_TRUE(call_tls(serve("elsewhere"), options));
  expect_refused(call_tls(serve("stranger"), options), {"no trusted authority"});
  expect_refused(call_tls(serve("expired"), options), {"has expired"});
}

TEST_F(TlsDialTest, ExpiredCertificateIsRefused) {
  expect_refused(call_tls(serve("expired"), trusting("good")), {"has expired", "clock"});
}

TEST_F(TlsDialTest, UnknownAuthorityIsRefused) {
  expect_refused(call_tls(serve("stranger"), trusting("good")),
                 {"no trusted authority", "ssl_ca_certs"});
  expect_refused(call_tls(serve("server"), TlsOptions{}), {"no trusted authority"});
  expect_refused(call_tls(serve("selfsigned"), trusting("good")), {"no trusted authority"});
}

TEST_F(TlsDialTest, BundleOfAuthoritiesIsTrustedWhole) {
  auto text = [](const std::string& path) {
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  TlsOptions options;
  options.ca_certs =
      certificates->write("bundle.pem", text(file("good.crt")) + text(file("other.crt")));
  EXPECT_TRUE(call_tls(serve("server"), options));
  EXPECT_TRUE(call_tls(serve("stranger"), options));
}

TEST_F(TlsDialTest, MissingClientCertificateIsNamed) {
  // TLS 1.2 says so in the handshake, TLS 1.3 on the first read.
  const auto stream = call_tls(serve("server",
                                     [](SSL_CTX* context) {
                                       ask_for_certificate(context);
                                       SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                                     }),
                               trusting("good"));
  expect_refused(stream, {"client certificate"});

  const Endpoint to = serve("server", ask_for_certificate);
  auto later = call_tls(to, trusting("good"));
  ASSERT_TRUE(later) << later.error().to_string();
  const Error error = read_error(*later, to);
  EXPECT_EQ(error.code(), ErrorCode::tls_failed) << error.to_string();
  expect_words(error, {"asks for a client certificate"});
}

TEST_F(TlsDialTest, ClientCertificateIsShown) {
  TlsOptions options = trusting("good");
  options.certificate = file("client.crt");
  options.private_key = file("client.key");
  auto stream = call_tls(serve("server", ask_for_certificate), options);
  ASSERT_TRUE(stream) << stream.error().to_string();
  EXPECT_EQ(asked_for(), "localhost") << "the server did not finish the handshake";

  options.certificate = file("stranger.crt");
  options.private_key = file("stranger.key");
  const Endpoint to = serve("server", ask_for_certificate);
  auto refused = call_tls(to, options);
  ASSERT_TRUE(refused) << refused.error().to_string();
  const Error error = read_error(*refused, to);
  EXPECT_EQ(error.code(), ErrorCode::tls_failed) << error.to_string();
  expect_words(error, {"refuses this client's certificate"});
}

TEST_F(TlsDialTest, PlainServerIsRecognized) {
  const auto stream = call_tls(serve_plain("-ERR unknown command\r\n", false), trusting("good"));
  expect_refused(stream, {"does not speak TLS"});
}

TEST_F(TlsDialTest, ServerThatClosesInTheHandshakeIsNamed) {
  const auto stream = call_tls(serve_plain("", true), trusting("good"));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code(), ErrorCode::tls_failed);
  EXPECT_TRUE(stream.error().retryable()) << "it may be restarting";
  expect_words(stream.error(), {"ended the connection", "speaks TLS"});
}

TEST_F(TlsDialTest, SilentServerEndsAtTheDeadline) {
  const auto stream = call_tls(serve_plain("", false), trusting("good"), 200ms);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code(), ErrorCode::timeout);
  EXPECT_EQ(stream.error().info().phase, Phase::connecting);
  EXPECT_GE(took_, 200ms);
  EXPECT_LT(took_, 5s);
  expect_words(stream.error(), {"does not finish TLS", "speaks TLS"});
}

TEST_F(TlsDialTest, OldVersionsAreRefused) {
  const auto stream = call_tls(serve("server",
                                     [](SSL_CTX* context) {
                                       SSL_CTX_set_security_level(context, 0);
                                       SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
                                       SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
                                     }),
                               trusting("good"));
  expect_refused(stream, {"TLS 1.2"});
}

TEST_F(TlsDialTest, LackOfACommonCipherIsNamed) {
  const auto stream = call_tls(serve("server",
                                     [](SSL_CTX* context) {
                                       SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
                                       // Needs an RSA key, which the certificate has not.
                                       SSL_CTX_set_cipher_list(context, "AES128-GCM-SHA256");
                                     }),
                               trusting("good"));
  expect_refused(stream, {"cipher"});
}

TEST_F(TlsDialTest, CancellingInTheHandshakeClosesTheConnection) {
  Destination to{.endpoint = serve_plain("", false), .tls = context_of(trusting("good"))};
  asio::cancellation_signal cancel;
  std::optional<Result<Stream>> result;
  auto caller = [&]() -> asio::awaitable<void> {
    auto dialed = co_await dial(to, steady_clock::now() + 1h);
    result.emplace(std::move(dialed));
  };
  asio::co_spawn(context_, caller(), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  asio::steady_timer timer(context_, 50ms);
  timer.async_wait([&](auto) { cancel.emit(asio::cancellation_type::terminal); });
  context_.run_for(10s);
  EXPECT_TRUE(context_.stopped()) << "the server still waits for its client";
  ASSERT_TRUE(result && !*result);
  EXPECT_EQ(result->error().code(), ErrorCode::cancelled);
}

class TlsContextTest : public TlsTest {
 protected:
  static void expect_refused(const TlsOptions& options,
                             std::initializer_list<std::string_view> words) {
    const auto context = make_tls_context(options);
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error().code(), ErrorCode::invalid_argument);
    expect_words(context.error(), words);
  }
  static TlsOptions client(const std::string& certificate, const std::string& key) {
    TlsOptions options = trusting("good");
    options.certificate = file(certificate);
    options.private_key = file(key);
    return options;
  }
};

TEST_F(TlsContextTest, TakesGoodFiles) {
  EXPECT_TRUE(make_tls_context({}));
  EXPECT_TRUE(make_tls_context(trusting("good")));
  EXPECT_TRUE(make_tls_context(client("client.crt", "client.key")));
}

TEST_F(TlsContextTest, NamesTheAuthoritiesFileThatFails) {
  TlsOptions options;
  options.ca_certs = file("missing.pem");
  expect_refused(options, {"missing.pem", "No such file"});
  options.ca_certs = certificates->file("");
  expect_refused(options, {"cannot read"});
  options.ca_certs = certificates->write("empty.pem", "");
  expect_refused(options, {"empty.pem", "not in PEM"});
  options.ca_certs = certificates->write("text.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n");
  expect_refused(options, {"text.pem", "cannot be used"});
  options.ca_certs = file("client.key");
  expect_refused(options, {"client.key"});
}

TEST_F(TlsContextTest, NamesTheClientFileThatFails) {
  expect_refused(client("missing.crt", "client.key"), {"missing.crt", "No such file"});
  expect_refused(client("client.crt", "missing.key"), {"missing.key", "No such file"});
  expect_refused(client("client.crt", "server.key"), {"server.key", "does not belong"});
  expect_refused(client("client.key", "client.key"), {"client.key", "cannot be used"});
  expect_refused(client("client.crt", "encrypted.key"), {"encrypted.key", "not encrypted"});
  TlsOptions half = client("client.crt", "client.key");
  half.private_key.clear();
  expect_refused(half, {"go together"});
  half = client("client.crt", "client.key");
  half.certificate.clear();
  expect_refused(half, {"go together"});
}

}  // namespace
}  // namespace semantrix::net
