#pragma once

#include "net/read_buffer.hpp"
#include "protocol/resp/reply.hpp"
#include "protocol/resp/topology.hpp"
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What replies become. Each is fed its replies in order, on the connection's strand, and gives its
/// answer once; an error reply, or one of the wrong type, is the answer's error.
namespace semantrix::redis {

/// The replies to one command each: what they have in common.
class Decoder {
 protected:
  /// Whether the reply is no error; the first error is kept.
  bool accept(const resp::Reply& reply);
  /// Keeps "a reply of the wrong type" as the error.
  void refuse();

  std::optional<Error> error_;
};

/// GET: the stored bytes, or nothing.
class BytesDecoder : Decoder {
 public:
  using Answer = std::optional<Value>;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  Answer bytes_;
};

/// MGETs: the stored bytes of each key, in order.
class ManyBytesDecoder : Decoder {
 public:
  using Answer = std::vector<std::optional<Value>>;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  Answer bytes_;
};

/// "+OK", or anything that is no error.
class DoneDecoder : Decoder {
 public:
  using Answer = void;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<void> answer();
};

/// Many of them: what went wrong with each.
class OutcomesDecoder {
 public:
  using Answer = std::vector<std::optional<Error>>;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer() { return std::move(outcomes_); }

 private:
  Answer outcomes_;
};

/// UNLINKs, DBSIZE: the sum of integers.
class SumDecoder : Decoder {
 public:
  using Answer = std::int64_t;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  std::int64_t sum_ = 0;
};

/// GET and PTTL: bytes and what remains of their time.
struct BytesAndTtl {
  std::optional<Value> bytes;
  std::optional<std::chrono::milliseconds> ttl;
};
class BytesAndTtlDecoder : Decoder {
 public:
  using Answer = BytesAndTtl;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  BytesAndTtl found_;
  bool has_bytes_ = false;
};

/// SCAN: a page, and where the next one begins ("0": nowhere).
struct ScanPage {
  std::string cursor;
  std::vector<std::string> keys;
};
class ScanDecoder : Decoder {
 public:
  using Answer = ScanPage;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  ScanPage page_;
};

/// Anything at all: the server is there.
class ReachedDecoder {
 public:
  using Answer = void;
  void take(const resp::Reply&, const net::ReadBuffer&) {}
  Result<void> answer() { return {}; }
};

/// CLUSTER SLOTS: who serves what.
class TopologyDecoder {
 public:
  using Answer = std::vector<resp::SlotRange>;
  /// Nodes that name no host of their own are on this one.
  explicit TopologyDecoder(std::string asked_host) : asked_host_(std::move(asked_host)) {}
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer() { return std::move(ranges_); }

 private:
  std::string asked_host_;
  Result<Answer> ranges_ = Answer();
};

/// INFO, PING: text.
class TextDecoder : Decoder {
 public:
  using Answer = std::string;
  void take(const resp::Reply& reply, const net::ReadBuffer& buffer);
  Result<Answer> answer();

 private:
  std::string text_;
};

}  // namespace semantrix::redis
