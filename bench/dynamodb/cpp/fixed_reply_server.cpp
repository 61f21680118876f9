// Answers every GetItem for a key "bench:BYTES" with an item of so many bytes, and looks at nothing
// else: what is measured against it is the client.
//
//   fixed_reply_server      prints its port on 127.0.0.1 and serves until its standard input ends
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/crc.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// So many "v" in base64.
std::string value_of(std::size_t bytes) {
  constexpr std::array<std::string_view, 3> rests{"", "dg==", "dnY="};
  std::string text;
  for (std::size_t threes = bytes / 3; threes != 0; --threes) text += "dnZ2";
  return text.append(rests.at(bytes % 3));
}

std::string make_reply(std::size_t value_bytes) {
  const std::string body =
      fmt::format(R"({{"Item":{{"key":{{"S":"bench:{0}"}},"value":{{"B":"{1}"}}}}}})", value_bytes,
                  value_of(value_bytes));
  boost::crc_32_type crc;
  crc.process_bytes(body.data(), body.size());
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nx-amz-crc32: {}\r\n"
      "Content-Length: {}\r\n\r\n{}",
      crc.checksum(), body.size(), body);
}

/// The number behind the first of these words; 0: there is none.
std::size_t number_after(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  std::size_t number = 0;
  if (at == std::string_view::npos) return 0;
  const char* digits = text.data() + at + word.size();
  while (*digits == ' ') ++digits;
  std::from_chars(digits, text.data() + text.size(), number);
  return number;
}

const std::string& reply_to(std::string_view body) {
  static std::map<std::size_t, std::string> replies;
  std::string& reply = replies[number_after(body, "\"bench:")];
  if (reply.empty()) reply = make_reply(number_after(body, "\"bench:"));
  return reply;
}

std::size_t body_bytes(std::string head) {
  for (char& letter : head) letter = static_cast<char>(std::tolower(letter));
  return number_after(head, "content-length:");
}

asio::awaitable<void> serve(tcp::socket socket) {
  socket.set_option(tcp::no_delay(true));
  std::string unread;
  for (;;) {
    const std::size_t head = co_await asio::async_read_until(socket, asio::dynamic_buffer(unread),
                                                             "\r\n\r\n", asio::use_awaitable);
    const std::size_t whole = head + body_bytes(unread.substr(0, head));
    if (unread.size() < whole) {
      co_await asio::async_read(socket, asio::dynamic_buffer(unread),
                                asio::transfer_exactly(whole - unread.size()), asio::use_awaitable);
    }
    const std::string& reply = reply_to(std::string_view(unread).substr(head, whole - head));
    co_await asio::async_write(socket, asio::buffer(reply), asio::use_awaitable);
    unread.erase(0, whole);
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    // A client that leaves ends its coroutine, by an exception that says so.
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)),
                   [](const std::exception_ptr&) {});
  }
}

}  // namespace

int main() {
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  fmt::print("{}\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  asio::co_spawn(context, accept(acceptor), asio::detached);
  asio::posix::stream_descriptor input(context, ::dup(STDIN_FILENO));
  char ignored = 0;
  input.async_read_some(asio::buffer(&ignored, 1),
                        [&](boost::system::error_code, std::size_t) { context.stop(); });
  context.run();
}
