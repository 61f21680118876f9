#pragma once

#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The form in which a store outside this process keeps a value: as it is, wherever that says all;
/// else wrapped in a record. docs/design/stored_format.md has the bytes.
namespace semantrix {

enum class Codec : std::uint8_t { none = 0, zstd = 1 };

/// Which part of a large value this is.
struct ChunkInfo {
  std::uint64_t generation = 0;  ///< The same for all chunks that one `add` wrote.
  std::uint64_t count = 0;       ///< Chunks in all, at least 1.
  std::uint64_t index = 0;       ///< This one, from 0.
  friend bool operator==(const ChunkInfo&, const ChunkInfo&) = default;
};

/// A value and what a store keeps beside it. All views belong to somebody else: the caller's value
/// on the way out, the bytes read on the way in.
struct Record {
  std::string_view payload;  ///< The value, or the frame of its compression.
  bool binary = false;       ///< As `Value::binary`.
  Codec codec = Codec::none;
  std::uint64_t raw_size = 0;  ///< Bytes of the value before compression; with a codec.
  std::optional<std::chrono::milliseconds> deadline;  ///< Wall clock, since 1970.
  std::string_view whole_key;  ///< Where the store's key is a hash; empty: it is not.
  std::vector<std::string_view> tags;
  std::vector<std::string_view> generations;  ///< Of the tags, in their order; or none.
  std::optional<ChunkInfo> chunk;
};

/// Whether the bytes are a record, or pass for one.
[[nodiscard]] bool begins_as_record(std::string_view bytes) noexcept;

/// Whether the payload alone would not say all of this.
[[nodiscard]] bool needs_record(const Record& record) noexcept;

/// The bytes of a record. REQUIRES: a chunk's index below its count; a deadline not before 1970;
/// as many generations as tags, or none.
[[nodiscard]] std::string encode_record(const Record& record);

/// Reads a record; bytes that do not begin with its magic are a plain value. Copies nothing.
/// Errors: `corrupt` (a miss for the caller), `unsupported_version` for records of a newer library.
[[nodiscard]] Result<Record> decode_record(std::string_view bytes);

/// The stored form of a value with nothing compressed yet: compresses payloads of at least
/// `compress_threshold` bytes where that is worth it, and wraps what needs a record. Nothing: store
/// the payload as it is.
[[nodiscard]] std::optional<std::string> pack(Record record,
                                              std::optional<std::size_t> compress_threshold);

/// The value of a record that was read whole (of chunks, after they were put together):
/// decompressed, at most `limit` bytes, marked binary if it was. Error: `corrupt`.
[[nodiscard]] Result<Value> unpack(const Record& record, std::size_t limit);

}  // namespace semantrix
