#include "net/stream.hpp"
#include "net_tls_fixture.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <string>
#include <vector>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
constexpr auto token = asio::as_tuple(asio::use_awaitable);

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

/// The text in pieces of growing size, empty ones between them.
std::vector<asio::const_buffer> pieces(const std::string& text) {
  std::vector<asio::const_buffer> parts;
  std::size_t size = 1;
  for (std::size_t at = 0; at < text.size();) {
    parts.emplace_back(text.data() + at, std::min(size, text.size() - at));
    parts.emplace_back();
    at += size;
    size = size * 3 % 40'000 + 1;
  }
  return parts;
}

asio::awaitable<bool> write_all(Stream& stream, std::string text) {
  std::vector<asio::const_buffer> parts = pieces(text);
  std::span<asio::const_buffer> rest(parts);
  while (true) {
    while (!rest.empty() && rest.front().size() == 0) rest = rest.subspan(1);
    if (rest.empty()) co_return true;
    auto [failed, size] = co_await stream.async_write_some(rest, token);
    if (failed || size == 0) co_return false;
    for (auto& part : rest) {
      const std::size_t taken = std::min(size, part.size());
      part += taken;
      size -= taken;
    }
  }
}

asio::awaitable<std::string> read_exactly(Stream& stream, std::size_t wanted) {
  std::string text;
  std::array<char, 9000> bytes;
  while (text.size() < wanted) {
    auto [failed, size] = co_await stream.async_read_some(asio::buffer(bytes), token);
    if (failed) break;
    text.append(bytes.data(), size);
  }
  co_return text;
}

/// The same promises over plain TCP and over TLS.
class StreamTest : public TlsTest, public testing::WithParamInterface<bool> {
 protected:
  Stream connected() {
    auto stream = GetParam() ? call_tls(serve("server"), trusting("good"))
                             : call({.endpoint = serve_plain()});
    EXPECT_TRUE(stream) << stream.error().to_string();
    EXPECT_EQ(stream->encrypted(), GetParam());
    return std::move(*stream);
  }

 private:
  Endpoint serve_plain() {
    auto echo = [](Tcp::acceptor acceptor) -> asio::awaitable<void> {
      auto [refused, socket] = co_await acceptor.async_accept(token);
      std::array<char, 4096> bytes;
      while (true) {
        auto [ended, size] = co_await socket.async_read_some(asio::buffer(bytes), token);
        if (ended) break;
        auto [lost, sent] =
            co_await asio::async_write(socket, asio::buffer(bytes.data(), size), token);
        if (lost) break;
      }
    };
    auto acceptor = listen();
    Endpoint endpoint = endpoint_of(acceptor);
    asio::co_spawn(context_, echo(std::move(acceptor)), asio::detached);
    return endpoint;
  }
};

TEST_P(StreamTest, BytesArriveWholeAndInOrder) {
  Stream stream = connected();
  const std::string sent = pattern(1'000'003);
  std::optional<bool> written;
  asio::co_spawn(context_, write_all(stream, sent),
                 [&](const std::exception_ptr&, bool all) { written = all; });
  const auto received = run(read_exactly(stream, sent.size()));
  EXPECT_EQ(written, true);
  ASSERT_TRUE(received);
  EXPECT_TRUE(*received == sent) << received->size() << " bytes of " << sent.size();
}

TEST_P(StreamTest, TriesWithoutBlocking) {
  Stream stream = connected();
  char byte = 'x';
  boost::system::error_code failed;
  EXPECT_EQ(stream.try_read_some(asio::buffer(&byte, 1), failed), 0u);
  EXPECT_EQ(failed, asio::error::would_block);
  const std::string chunk = pattern(1 << 20);
  const std::array<asio::const_buffer, 2> parts{asio::buffer(chunk), asio::buffer(chunk)};
  std::size_t written = 0;
  failed = {};
  while (!failed) written += stream.try_write_some(parts, failed);
  EXPECT_EQ(failed, asio::error::would_block);
  EXPECT_EQ(written > 0, !stream.encrypted());
}

TEST_P(StreamTest, ClosingEndsWhatIsOutstanding) {
  Stream stream = connected();
  char byte = 0;
  int completed = 0;
  boost::system::error_code failed;
  stream.async_read_some(asio::buffer(&byte, 1), [&](boost::system::error_code error, std::size_t) {
    ++completed;
    failed = error;
  });
  asio::post(context_, [&] {
    stream.close();
    stream.close();
  });
  context_.restart();
  context_.run_for(5s);
  EXPECT_TRUE(context_.stopped()) << "the server still waits for its client";
  EXPECT_EQ(completed, 1);
  EXPECT_EQ(failed, asio::error::operation_aborted);
  EXPECT_FALSE(stream.is_open());
  EXPECT_EQ(stream.native_handle(), -1);
}

TEST_P(StreamTest, DestroyingEndsWhatIsOutstanding) {
  auto stream = std::make_unique<Stream>(connected());
  char byte = 0;
  const std::string text = pattern(100'000);
  const std::array<asio::const_buffer, 1> parts{asio::buffer(text)};
  int completed = 0;
  const auto count = [&](boost::system::error_code, std::size_t) { ++completed; };
  stream->async_read_some(asio::buffer(&byte, 1), count);
  stream->async_write_some(parts, count);
  stream.reset();
  context_.restart();
  context_.run_for(5s);
  EXPECT_EQ(completed, 2);
}

TEST_P(StreamTest, MovingKeepsTheConnection) {
  Stream first = connected();
  Stream second = std::move(first);
  const asio::executor_work_guard<asio::any_io_executor> work(second.get_executor());
  Stream third = connected();
  third = std::move(second);
  std::optional<bool> written;
  asio::co_spawn(context_, write_all(third, "hello"),
                 [&](const std::exception_ptr&, bool all) { written = all; });
  EXPECT_EQ(run(read_exactly(third, 5)), "hello");
  EXPECT_EQ(written, true);
}

TEST_P(StreamTest, WritingNothingSucceeds) {
  Stream stream = connected();
  std::optional<std::size_t> written;
  stream.async_write_some({}, [&](boost::system::error_code failed, std::size_t size) {
    if (!failed) written = size;
    context_.stop();
  });
  context_.restart();
  context_.run_for(5s);
  EXPECT_EQ(written, 0u);
}

INSTANTIATE_TEST_SUITE_P(Transport, StreamTest, testing::Bool(),
                         [](const auto& encrypted) { return encrypted.param ? "Tls" : "Tcp"; });

}  // namespace
}  // namespace semantrix::net
