#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <variant>

namespace semantrix::net {

class TlsStream;

/// A connected stream of bytes: TCP, or TLS over TCP.
///
/// Not thread-safe: it lives on its connection's strand, and the executor of every handler must be
/// that strand, since a TLS operation takes several steps there. One read and one write may be
/// outstanding at a time. What is read from or written must stay in place until the operation
/// completes, and so must the stream of a plain connection; it may only be moved between
/// operations. Closing or destroying it completes what is outstanding with `operation_aborted`.
class Stream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using error_code = boost::system::error_code;
  using Buffers = std::span<const boost::asio::const_buffer>;

  /// Plain TCP over a connected socket.
  explicit Stream(boost::asio::ip::tcp::socket socket);
  /// TLS after its handshake.
  explicit Stream(std::shared_ptr<TlsStream> tls);

  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&& other) noexcept;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  [[nodiscard]] executor_type get_executor();
  [[nodiscard]] bool encrypted() const noexcept { return transport_.index() == 1; }
  [[nodiscard]] bool is_open() const noexcept;
  /// The socket, for what Asio has no word for; -1 when closed.
  [[nodiscard]] int native_handle();

  /// Tries at once and never blocks: the bytes moved, or 0 and `would_block` if none could be. A
  /// TLS stream always says `would_block`.
  std::size_t try_write_some(Buffers buffers, error_code& failed);
  std::size_t try_read_some(boost::asio::mutable_buffer buffer, error_code& failed);

  /// Writes the front part of the buffers, at least a byte if there is one: void(error_code,
  /// size_t). TLS gathers small buffers into one record of at most 16 KiB.
  template <class Token>
  auto async_write_some(Buffers buffers, Token&& token);

  /// Reads at least a byte, or fails: void(error_code, size_t). The end of the stream is
  /// `boost::asio::error::eof`, or `stream_truncated` from TLS without a goodbye.
  template <class Token>
  auto async_read_some(boost::asio::mutable_buffer buffer, Token&& token);

  /// Ends the connection at once, without TLS's goodbye. Never fails; a second call does nothing.
  void close() noexcept;

  /// As close, but with a reset: what was written and has not left yet never arrives. A close would
  /// let the kernel deliver it, perhaps behind what another connection writes later (RFC 9293,
  /// section 3.10.5).
  void reset() noexcept;

 private:
  using Handler = boost::asio::any_completion_handler<void(error_code, std::size_t)>;
  using Tcp = boost::asio::ip::tcp::socket;
  using Tls = std::shared_ptr<TlsStream>;

  /// What Asio takes for a sequence of buffers; a span in C++20 lacks one of the names.
  struct Sequence : Buffers {
    using const_iterator = Buffers::iterator;
    explicit Sequence(Buffers buffers) : Buffers(buffers) {}
  };

  static void tls_write(const Tls& tls, Buffers buffers, Handler handler);
  static void tls_read(const Tls& tls, boost::asio::mutable_buffer buffer, Handler handler);

  [[nodiscard]] Tcp* socket() noexcept;

  std::variant<Tcp, Tls> transport_;
};

template <class Token>
auto Stream::async_write_some(Buffers buffers, Token&& token) {
  const auto start = [](auto handler, Stream* self, Buffers bytes) {
    if (auto* tcp = std::get_if<Tcp>(&self->transport_)) {
      tcp->async_write_some(Sequence(bytes), std::move(handler));
    } else {
      tls_write(std::get<Tls>(self->transport_), bytes, std::move(handler));
    }
  };
  return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(start, token, this,
                                                                           buffers);
}

template <class Token>
auto Stream::async_read_some(boost::asio::mutable_buffer buffer, Token&& token) {
  const auto start = [](auto handler, Stream* self, boost::asio::mutable_buffer bytes) {
    if (auto* tcp = std::get_if<Tcp>(&self->transport_)) {
      tcp->async_read_some(bytes, std::move(handler));
    } else {
      tls_read(std::get<Tls>(self->transport_), bytes, std::move(handler));
    }
  };
  return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(start, token, this,
                                                                           buffer);
}

}  // namespace semantrix::net
