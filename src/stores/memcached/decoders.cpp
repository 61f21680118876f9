#include "stores/memcached/decoders.hpp"

#include "protocol/memcache/error_reply.hpp"
#include "stores/memcached/greeting.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::memcached {
namespace {

using memcache::Kind;
using memcache::Reply;

Error wrong_kind() {
  return {ErrorCode::protocol_error, "the server's reply is not of the command's kind",
          "check that the server speaks the Memcached protocol"};
}

template <class T>
Result<T> either(const std::optional<Error>& error, T& answer) {
  if (error) return *error;
  return std::move(answer);
}

/// Replies of the meta dialect have the number of their request.
bool is_in_step(const Reply& reply, std::size_t number) noexcept {
  const auto opaque = reply.opaque();
  return !opaque || *opaque == number;
}

}  // namespace

bool Decoder::accept(const Reply& reply) {
  if (!reply.is_error()) return true;
  if (!error_) error_ = memcache::to_error(reply.text());
  return false;
}

void Decoder::refuse() {
  if (!error_) error_ = wrong_kind();
}

void BytesDecoder::take(const Reply& reply, const net::ReadBuffer& buffer) {
  if (reply.kind() == Kind::values) {
    bytes_ = buffer.share(reply.value());
  } else if (accept(reply) && reply.kind() != Kind::miss) {
    refuse();
  }
}

Result<BytesDecoder::Answer> BytesDecoder::answer() { return either(error_, bytes_); }

void ManyBytesDecoder::take(const Reply& reply, const net::ReadBuffer& buffer) {
  if (!accept(reply) || reply.kind() == Kind::miss) return;
  if (reply.kind() != Kind::values) return refuse();
  for (const memcache::Item& item : reply.items()) {
    // Misses are left out of the server's answer.
    const std::string_view key = reply.key(item);
    while (next_ != keys_.size() && keys_[next_].text() != key) ++next_;
    if (next_ == keys_.size()) return refuse();
    bytes_[next_++] = buffer.share(reply.value(item));
  }
}

Result<ManyBytesDecoder::Answer> ManyBytesDecoder::answer() { return either(error_, bytes_); }

void OutcomesDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  const std::size_t number = outcomes_.size();
  auto& outcome = outcomes_.emplace_back();
  if (reply.is_error()) {
    outcome = memcache::to_error(reply.text());
  } else if (reply.kind() != Kind::done || !is_in_step(reply, number)) {
    outcome = wrong_kind();
  }
}

void ErasedDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  if (!std::exchange(looked_, true)) {
    const bool is_there = reply.kind() == Kind::done || reply.kind() == Kind::values;
    has_expired_ = is_there && has_ended(reply.client_flags(), reply.ttl(), now_);
    return;
  }
  looked_ = false;
  if (reply.is_error()) {
    erased_.emplace_back(memcache::to_error(reply.text()));
  } else if (reply.kind() == Kind::done || reply.is_absent()) {
    erased_.emplace_back(reply.kind() == Kind::done && !has_expired_);
  } else {
    erased_.emplace_back(wrong_kind());
  }
}

void BytesAndTtlDecoder::take(const Reply& reply, const net::ReadBuffer& buffer) {
  if (reply.kind() == Kind::values) {
    found_.bytes = buffer.share(reply.value());
    found_.ttl = reply.ttl();
  } else if (accept(reply) && reply.kind() != Kind::miss) {
    refuse();
  }
}

Result<BytesAndTtl> BytesAndTtlDecoder::answer() { return either(error_, found_); }

void ClusterDecoder::take(const Reply& reply, const net::ReadBuffer&) {
  if (!accept(reply)) return;
  auto cluster = cluster_of(reply);
  if (cluster) {
    cluster_ = std::move(*cluster);
  } else {
    error_ = cluster.error();
  }
}

Result<ClusterDecoder::Answer> ClusterDecoder::answer() { return either(error_, cluster_); }

Result<void> ReachedDecoder::answer() {
  if (error_) return *error_;
  return {};
}

std::uint32_t deadline_flags(std::chrono::milliseconds deadline) noexcept {
  return std::max(static_cast<std::uint32_t>(deadline.count()), std::uint32_t{1});
}

bool has_ended(std::uint32_t flags, std::optional<std::chrono::seconds> left,
               std::chrono::milliseconds now) noexcept {
  constexpr std::chrono::seconds longest_after(3);
  if (flags == 0 || (left && *left > longest_after)) return false;
  const auto since = static_cast<std::uint32_t>(now.count()) - flags;
  return since <= 10'000;
}

}  // namespace semantrix::memcached
