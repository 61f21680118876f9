#include "stores/redis/decoders.hpp"

#include "protocol/resp/error_reply.hpp"

#include <utility>

namespace semantrix::redis {
namespace {

using resp::Reply;

template <class T>
Result<T> either(const std::optional<Error>& error, T& answer) {
  if (error) return *error;
  return std::move(answer);
}

}  // namespace

bool Decoder::accept(const Reply& reply) {
  if (!reply.is_error()) return true;
  if (!error_) error_ = resp::to_error(reply.text());
  return false;
}

void Decoder::refuse() {
  if (error_) return;
  error_ = Error(ErrorCode::protocol_error, "the server's reply is not of the command's type",
                 "check that the server speaks the Redis protocol");
}

void BytesDecoder::take(const Reply& reply, const net::ReadBuffer& buffer) {
  if (reply.type() == resp::Type::bulk_string) {
    bytes_ = buffer.share(reply.text());
  } else if (accept(reply) && !reply.is_null()) {
    refuse();
  }
}

Result<BytesDecoder::Answer> BytesDecoder::answer() { return either(error_, bytes_); }

void ManyBytesDecoder::take(const Reply& reply, const net::ReadBuffer& buffer) {
  if (!accept(reply)) return;
  if (!reply.is_list()) return refuse();
  for (const Reply element : reply.children()) {
    auto& bytes = bytes_.emplace_back();
    if (element.is_string()) bytes = buffer.share(element.text());
  }
}

Result<ManyBytesDecoder::Answer> ManyBytesDecoder::answer() { return either(error_, bytes_); }

void DoneDecoder::take(const Reply& reply, const net::ReadBuffer&) { accept(reply); }

Result<void> DoneDecoder::answer() {
  if (error_) return *error_;
  return {};
}

void OutcomesDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  auto& outcome = outcomes_.emplace_back();
  if (reply.is_error()) outcome = resp::to_error(reply.text());
}

void SumDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  if (!accept(reply)) return;
  const auto number = reply.integer();
  if (!number) return refuse();
  sum_ += *number;
}

Result<std::int64_t> SumDecoder::answer() { return either(error_, sum_); }

void BytesAndTtlDecoder::take(const Reply& reply, const net::ReadBuffer& buffer) {
  if (!accept(reply)) return;
  if (!std::exchange(has_bytes_, true)) {
    if (reply.is_string()) found_.bytes = buffer.share(reply.text());
    return;
  }
  const auto left = reply.integer();
  if (!left) return refuse();
  // -1: no ttl; -2: it expired between the two commands.
  if (*left == -2) found_.bytes.reset();
  if (*left >= 0) found_.ttl = std::chrono::milliseconds(*left);
}

Result<BytesAndTtl> BytesAndTtlDecoder::answer() { return either(error_, found_); }

void ScanDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  if (!accept(reply)) return;
  if (!reply.is_list() || reply.size() != 2 || !reply.child(0).is_string() ||
      !reply.child(1).is_list()) {
    return refuse();
  }
  page_.cursor = reply.child(0).text();
  for (const Reply key : reply.child(1).children()) {
    if (key.is_string()) page_.keys.emplace_back(key.text());
  }
}

Result<ScanPage> ScanDecoder::answer() { return either(error_, page_); }

void TopologyDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  ranges_ = resp::parse_cluster_slots(reply, asked_host_);
}

void TextDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  if (!accept(reply)) return;
  if (!reply.is_string()) return refuse();
  text_ = reply.text();
}

Result<std::string> TextDecoder::answer() { return either(error_, text_); }

}  // namespace semantrix::redis
