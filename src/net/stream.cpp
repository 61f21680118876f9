#include "net/stream.hpp"

#include "net/tls_stream.hpp"

#include <boost/asio/consign.hpp>
#include <boost/asio/error.hpp>

namespace semantrix::net {
namespace {

using boost::asio::const_buffer;
using Tcp = boost::asio::ip::tcp::socket;

const_buffer gather(Stream::Buffers buffers, TlsStream& tls) {
  // Asio's TLS stream encrypts the first buffer alone.
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i].size() == 0) continue;
    const bool alone = i + 1 == buffers.size() || buffers[i].size() >= tls.record.size();
    if (alone) return buffers[i];
    const Stream::Buffers rest = buffers.subspan(i);
    std::size_t gathered = 0;
    for (const const_buffer& part : rest) {
      gathered += buffer_copy(boost::asio::buffer(tls.record) + gathered, part);
    }
    return boost::asio::buffer(tls.record.data(), gathered);
  }
  return {};
}

}  // namespace

Stream::Stream(Tcp socket) : transport_(std::move(socket)) {
  error_code ignored;
  std::get<Tcp>(transport_).non_blocking(true, ignored);
}

Stream::Stream(std::shared_ptr<TlsStream> tls) : transport_(std::move(tls)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
  close();
  transport_ = std::move(other.transport_);
  return *this;
}

Stream::~Stream() { close(); }

Stream::executor_type Stream::get_executor() {
  if (auto* tcp = std::get_if<Tcp>(&transport_)) return tcp->get_executor();
  return std::get<Tls>(transport_)->stream.get_executor();
}

bool Stream::is_open() const noexcept {
  if (const auto* tcp = std::get_if<Tcp>(&transport_)) return tcp->is_open();
  const Tls& tls = std::get<Tls>(transport_);
  return tls && tls->stream.lowest_layer().is_open();
}

int Stream::native_handle() {
  if (!is_open()) return -1;
  if (auto* tcp = std::get_if<Tcp>(&transport_)) return tcp->native_handle();
  return std::get<Tls>(transport_)->stream.lowest_layer().native_handle();
}

std::size_t Stream::try_write_some(Buffers buffers, error_code& failed) {
  if (auto* tcp = std::get_if<Tcp>(&transport_)) return tcp->write_some(Sequence(buffers), failed);
  failed = boost::asio::error::would_block;
  return 0;
}

std::size_t Stream::try_read_some(boost::asio::mutable_buffer buffer, error_code& failed) {
  if (auto* tcp = std::get_if<Tcp>(&transport_)) return tcp->read_some(buffer, failed);
  failed = boost::asio::error::would_block;
  return 0;
}

void Stream::tls_write(const Tls& tls, Buffers buffers, Handler handler) {
  tls->stream.async_write_some(gather(buffers, *tls),
                               boost::asio::consign(std::move(handler), tls));
}

void Stream::tls_read(const Tls& tls, boost::asio::mutable_buffer buffer, Handler handler) {
  tls->stream.async_read_some(buffer, boost::asio::consign(std::move(handler), tls));
}

Tcp* Stream::socket() noexcept {
  if (auto* tcp = std::get_if<Tcp>(&transport_)) return tcp;
  const Tls& tls = std::get<Tls>(transport_);
  return tls ? &tls->stream.next_layer() : nullptr;
}

void Stream::close() noexcept {
  error_code ignored;
  if (Tcp* tcp = socket()) tcp->close(ignored);
}

void Stream::reset() noexcept {
  error_code ignored;
  if (Tcp* tcp = socket()) tcp->set_option(Tcp::linger(true, 0), ignored);
  close();
}

}  // namespace semantrix::net
