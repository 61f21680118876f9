#pragma once

#include "net/read_buffer.hpp"
#include "protocol/memcache/discovery.hpp"
#include "protocol/memcache/reply.hpp"
#include "protocol/memcache/wire_key.hpp"
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What replies become. Each is fed its replies in order, on the connection's strand, and gives its
/// answer once; an error reply, or one of the wrong kind, is the answer's error.
namespace semantrix::memcached {

/// The replies to one command each: what they have in common.
class Decoder {
 protected:
  /// Whether the reply is no error; the first error is kept.
  bool accept(const memcache::Reply& reply);
  /// Keeps "a reply of the wrong kind" as the error.
  void refuse();

  std::optional<Error> error_;
};

/// A get of one key: the stored bytes, or nothing.
class BytesDecoder : Decoder {
 public:
  using Answer = std::optional<Value>;
  void take(const memcache::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  Answer bytes_;
};

/// Gets of many keys each: the stored bytes of each key, in the order of the keys.
class ManyBytesDecoder : Decoder {
 public:
  using Answer = std::vector<std::optional<Value>>;
  /// `keys` in the order in which they are asked for; they must outlive the call's last reply, so
  /// they are the decoder's own.
  explicit ManyBytesDecoder(std::vector<memcache::WireKey> keys)
      : keys_(std::move(keys)), bytes_(keys_.size()) {}
  void take(const memcache::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  std::vector<memcache::WireKey> keys_;
  Answer bytes_;
  std::size_t next_ = 0;  // the first key that no value has come for or gone past
};

/// Sets, each with its number from 0 where the dialect carries one: what went wrong with each.
class OutcomesDecoder {
 public:
  using Answer = std::vector<std::optional<Error>>;
  void take(const memcache::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer() { return std::move(outcomes_); }

 private:
  Answer outcomes_;
};

/// For each key two replies, of a look at it and of its removal: whether a live entry went.
class ErasedDecoder {
 public:
  using Answer = std::vector<Result<bool>>;
  /// `now`: milliseconds since 1970, against which the deadlines of entries are held.
  explicit ErasedDecoder(std::chrono::milliseconds now) : now_(now) {}
  void take(const memcache::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer() { return std::move(erased_); }

 private:
  std::chrono::milliseconds now_;
  bool looked_ = false;
  bool has_expired_ = false;
  Answer erased_;
};

/// A get with the remaining time: bytes and what remains of it, as the server counts.
struct BytesAndTtl {
  std::optional<Value> bytes;
  std::optional<std::chrono::seconds> ttl;
};
class BytesAndTtlDecoder : Decoder {
 public:
  using Answer = BytesAndTtl;
  void take(const memcache::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  BytesAndTtl found_;
};

/// The nodes that the server names; nothing: there is no cluster.
class ClusterDecoder : Decoder {
 public:
  using Answer = std::optional<memcache::ClusterConfiguration>;
  void take(const memcache::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  Answer cluster_;
};

/// Anything but an error: the server serves.
class ReachedDecoder : Decoder {
 public:
  using Answer = void;
  void take(const memcache::Reply& reply, const net::ReadBuffer&) { accept(reply); }
  Result<void> answer();
};

/// The number that the server keeps beside an entry that ends, so that whoever sees the one knows
/// the other without reading the value: the low bits of its deadline; never 0, which stands for
/// none.
[[nodiscard]] std::uint32_t deadline_flags(std::chrono::milliseconds deadline) noexcept;

/// Whether an entry with these flags, and so much of its time left as the server counts, has ended
/// although the server still has it: it keeps entries for up to three seconds more than asked.
[[nodiscard]] bool has_ended(std::uint32_t flags, std::optional<std::chrono::seconds> left,
                             std::chrono::milliseconds now) noexcept;

}  // namespace semantrix::memcached
