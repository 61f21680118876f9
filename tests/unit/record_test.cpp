#include "base/record.hpp"

#include "base/hash.hpp"
#include "base/varint.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace semantrix {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

const std::string magic = "\xF5SMX";

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
    text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

Record plain(std::string_view payload) {
  Record record;
  record.payload = payload;
  return record;
}

Record full(std::string_view payload) {
  Record record = plain(payload);
  record.binary = true;
  record.codec = Codec::zstd;
  record.raw_size = 300;
  record.deadline = milliseconds(1'700'000'000'123);
  record.whole_key = "the whole key";
  record.tags = {"red", "", "green"};
  record.chunk = ChunkInfo{7, 3, 2};
  return record;
}

void expect_same(const Record& left, const Record& right) {
  EXPECT_EQ(left.payload, right.payload);
  EXPECT_EQ(left.binary, right.binary);
  EXPECT_EQ(left.codec, right.codec);
  EXPECT_EQ(left.raw_size, right.raw_size);
  EXPECT_EQ(left.deadline, right.deadline);
  EXPECT_EQ(left.whole_key, right.whole_key);
  EXPECT_EQ(left.tags, right.tags);
  EXPECT_EQ(left.generations, right.generations);
  EXPECT_EQ(left.chunk, right.chunk);
}

void expect_error(std::string_view bytes, ErrorCode code = ErrorCode::corrupt) {
  const Result<Record> record = decode_record(bytes);
  ASSERT_FALSE(record) << hex(bytes);
  EXPECT_EQ(record.error().code(), code);
}

/// A record of the given fields and payload, its checksum right.
std::string sealed(std::string_view fields, std::string_view payload, char version = 1,
                   char flags = 0) {
  std::string bytes = magic + version + flags;
  append_bytes(bytes, fields);
  bytes += payload;
  append_fixed64(bytes, checksum(bytes));
  return bytes;
}

TEST(NeedsRecord, NotForAPlainValue) {
  EXPECT_FALSE(needs_record(plain("")));
  EXPECT_FALSE(needs_record(plain("text")));
  EXPECT_FALSE(needs_record(plain("\xff\xfe bytes")));
  EXPECT_FALSE(needs_record(plain("\xF5SM")));
  EXPECT_FALSE(needs_record(plain("x\xF5SMX")));
}

TEST(NeedsRecord, ForAValueThatBeginsLikeOne) {
  EXPECT_TRUE(needs_record(plain(magic)));
  EXPECT_TRUE(needs_record(plain(magic + " and more")));
}

TEST(NeedsRecord, ForBinaryBytesThatReadLikeText) {
  Record record = plain("text");
  record.binary = true;
  EXPECT_TRUE(needs_record(record));
  record.payload = "";
  EXPECT_TRUE(needs_record(record));
  record.payload = "\xff\xfe";
  EXPECT_FALSE(needs_record(record));
}

TEST(NeedsRecord, ForEveryField) {
  Record record = plain("x");
  record.codec = Codec::zstd;
  EXPECT_TRUE(needs_record(record));
  record = plain("x");
  record.deadline = milliseconds(1);
  EXPECT_TRUE(needs_record(record));
  record = plain("x");
  record.whole_key = "k";
  EXPECT_TRUE(needs_record(record));
  record = plain("x");
  record.tags = {"t"};
  EXPECT_TRUE(needs_record(record));
  record = plain("x");
  record.chunk = ChunkInfo{1, 1, 0};
  EXPECT_TRUE(needs_record(record));
}

// Bytes that stored data already holds: these must never change.
TEST(RecordFormat, OfTextThatBeginsWithTheMagic) {
  EXPECT_EQ(hex(encode_record(plain(magic))), "f5534d58010000f5534d582bdb74b44c738c12");
}

TEST(RecordFormat, OfEveryField) {
  EXPECT_EQ(hex(encode_record(full("payload"))),
            "f5534d58"                        // magic
            "0101"                            // version, flags: binary
            "2f"                              // bytes of the fields
            "010301ac02"                      // codec zstd, 300 bytes before it
            "0206fbd095ffbc31"                // deadline
            "030d7468652077686f6c65206b6579"  // whole key
            "0403726564"                      // tags: red,
            "0400"                            // the empty one,
            "0405677265656e"                  // green
            "0503070302"                      // chunk: generation 7, of 3, number 2
            "7061796c6f6164"                  // payload
            "bc9fc86faa106e93");              // checksum
}

TEST(RecordFormat, OfTagsWithGenerations) {
  Record record = plain("payload");
  record.tags = {"red", "green"};
  record.generations = {"r1", "g1"};
  EXPECT_EQ(hex(encode_record(record)),
            "f5534d58"            // magic
            "0100"                // version, flags
            "14"                  // bytes of the fields
            "0403726564"          // tags: red,
            "0405677265656e"      // green
            "06027231"            // their generations: r1,
            "06026731"            // g1
            "7061796c6f6164"      // payload
            "80ef4c9fc9494e62");  // checksum
}

TEST(Record, GenerationsThatDoNotMatchTheTagsAreCorrupt) {
  Record record = plain("payload");
  record.tags = {"red", "green"};
  record.generations = {"r1"};
  const Result<Record> decoded = decode_record(encode_record(record));
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code(), ErrorCode::corrupt);
}

TEST(RecordFormat, OfTheEmptyBinaryValue) {
  Record record = plain("");
  record.binary = true;
  EXPECT_EQ(hex(encode_record(record)), "f5534d58010100e317cf46576c3709");
}

TEST(Record, ComesBackWithEveryField) {
  const Record record = full(std::string_view("payload\0\xff", 9));
  const std::string bytes = encode_record(record);
  const Result<Record> decoded = decode_record(bytes);
  ASSERT_TRUE(decoded);
  expect_same(*decoded, record);
}

TEST(Record, ComesBackWithEachFieldAlone) {
  for (int field = 0; field < 8; ++field) {
    Record record = plain("payload");
    if (field == 0) record.binary = true;
    if (field == 1) record.codec = Codec::zstd;
    if (field == 2) record.deadline = milliseconds(0);
    if (field == 3) record.deadline = milliseconds::max();
    if (field == 4) record.whole_key = std::string_view("\0\xff", 2);
    if (field == 5) record.tags = {""};
    if (field == 7) {
      record.tags = {"a", ""};
      record.generations = {"", "1"};
    }
    if (field == 6) record.chunk = ChunkInfo{std::numeric_limits<std::uint64_t>::max(), 1, 0};
    const std::string bytes = encode_record(record);
    const Result<Record> decoded = decode_record(bytes);
    ASSERT_TRUE(decoded) << field;
    expect_same(*decoded, record);
  }
}

TEST(Record, ComesBackWithPayloadsOfEveryLength) {
  for (const std::size_t size : {0UL, 1UL, 127UL, 128UL, 16'383UL, 16'384UL, 10'000'000UL}) {
    const std::string payload(size, 'x');
    const std::string bytes = encode_record(plain(payload));
    const Result<Record> decoded = decode_record(bytes);
    ASSERT_TRUE(decoded) << size;
    EXPECT_EQ(decoded->payload, payload) << size;
  }
}

TEST(Record, ViewsTheBytesItWasReadFrom) {
  const std::string bytes = encode_record(full("payload"));
  const Result<Record> decoded = decode_record(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_GE(decoded->payload.data(), bytes.data());
  EXPECT_LT(decoded->payload.data(), bytes.data() + bytes.size());
}

TEST(DecodeRecord, TakesOtherBytesForAPlainValue) {
  for (const std::string& bytes : {""s, "text"s, "\xF5"s, "\xF5SM"s, "\xF5SMY more"s, "\0"s}) {
    const Result<Record> decoded = decode_record(bytes);
    ASSERT_TRUE(decoded);
    expect_same(*decoded, plain(bytes));
  }
}

TEST(DecodeRecord, RefusesEveryCut) {
  const std::string bytes = encode_record(full("payload"));
  for (std::size_t size = magic.size(); size < bytes.size(); ++size) {
    expect_error(std::string_view(bytes).substr(0, size));
  }
}

TEST(DecodeRecord, RefusesEveryAlteredByte) {
  const std::string bytes = encode_record(full("payload"));
  for (std::size_t at = magic.size(); at < bytes.size(); ++at) {
    for (unsigned int bit = 0; bit < 8; ++bit) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(static_cast<unsigned char>(altered[at]) ^ (1U << bit));
      EXPECT_FALSE(decode_record(altered)) << "byte " << at << " bit " << bit;
    }
  }
  expect_error(bytes + "x");
}

TEST(DecodeRecord, RefusesVersionsItDoesNotKnow) {
  expect_error(sealed("", "x", 2), ErrorCode::unsupported_version);
  expect_error(sealed("", "x", '\xff'), ErrorCode::unsupported_version);
  expect_error(sealed("", "x", 0));
  const auto newer = decode_record(sealed("", "x", 2));
  EXPECT_EQ(newer.error().to_string(),
            "stored record has version 2, this library reads up to 1; use a newer library");
}

TEST(DecodeRecord, SkipsFieldsAndFlagsItDoesNotKnow) {
  const std::string bytes =
      sealed("\x07\x03new\x05\x03\x09\x02\x01\xff\x7f\x02!!"s, "payload", 1, 6);
  const Result<Record> decoded = decode_record(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->payload, "payload");
  EXPECT_FALSE(decoded->binary);
  EXPECT_EQ(decoded->chunk, (ChunkInfo{9, 2, 1}));
}

TEST(DecodeRecord, RefusesMalformedFields) {
  const std::vector<std::string> malformed{
      "\x02"s,                                              // no length
      "\x02\x05\x01"s,                                      // longer than the fields
      "\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,      // a length of 2^64 - 1
      "\x80"s,                                              // a tag that never ends
      "\x01\x01\x01"s,                                      // a codec without its size
      "\x01\x02\x02\x05"s,                                  // a codec that does not exist
      "\x01\x02\x00\x05"s,                                  // codec "none"
      "\x01\x03\x01\x05\x05"s,                              // too long
      "\x02\x00"s,                                          // a deadline without a number
      "\x02\x02\x81\x00"s,                                  // a number longer than needed
      "\x02\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,  // beyond the clock
      "\x02\x01\x05\x02\x01\x05"s,                          // twice
      "\x03\x00"s,                                          // an empty key
      "\x03\x01k\x03\x01k"s,                                // twice
      "\x05\x02\x01\x01"s,                                  // a chunk without its index
      "\x05\x03\x01\x00\x00"s,                              // of none
      "\x05\x03\x01\x02\x02"s,                              // beyond the last
      "\x05\x04\x01\x02\x01\x00"s,                          // too long
      "\x05\x03\x01\x02\x01\x05\x03\x01\x02\x01"s,          // twice
      "\x01\x02\x01\x05\x01\x02\x01\x05"s,                  // twice
  };
  for (const std::string& fields : malformed) expect_error(sealed(fields, "payload"));
}

TEST(DecodeRecord, RefusesFieldsThatReachBeyondTheEnd) {
  std::string bytes = magic + '\x01' + '\0' + '\x05' + "abcd";
  append_fixed64(bytes, checksum(bytes));
  expect_error(bytes);
}

TEST(Varint, ComesBack) {
  for (const std::uint64_t number :
       {0UL, 1UL, 127UL, 128UL, 16'383UL, 16'384UL, 1UL << 62U, 1UL << 63U, ~0UL}) {
    std::string bytes;
    append_varint(bytes, number);
    EXPECT_LE(bytes.size(), 10U);
    std::string_view rest = bytes;
    EXPECT_EQ(take_varint(rest), number);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Varint, RefusesWhatIsCutTooLargeOrTooLong) {
  for (const std::string& bytes :
       {""s, "\x80"s, "\x80\x00"s, "\xff\xff\xff"s, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s,
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s}) {
    std::string_view rest = bytes;
    EXPECT_FALSE(take_varint(rest)) << hex(bytes);
  }
}

TEST(Pack, LeavesAPlainValueAsItIs) {
  EXPECT_FALSE(pack(plain("text"), std::nullopt));
  EXPECT_FALSE(pack(plain(std::string(100'000, 'x')), std::nullopt));
  EXPECT_FALSE(pack(plain(std::string(1'000, 'x')), 1'001));
  EXPECT_FALSE(pack(plain("too short to shrink"), 0));
}

TEST(Pack, CompressesFromTheThresholdOn) {
  const std::string text(1'000, 'x');
  const auto packed = pack(plain(text), 1'000);
  ASSERT_TRUE(packed);
  EXPECT_LT(packed->size(), 100U);
  const Result<Record> record = decode_record(*packed);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->codec, Codec::zstd);
  EXPECT_EQ(record->raw_size, 1'000U);
  EXPECT_EQ(unpack(*record, 1'000).value().view(), text);
  EXPECT_EQ(unpack(*record, 999).error().code(), ErrorCode::corrupt);
}

TEST(Pack, WrapsWhatCompressionDoesNotHelp) {
  Record record = plain("short");
  record.binary = true;
  const auto packed = pack(record, 0);
  ASSERT_TRUE(packed);
  const Result<Record> decoded = decode_record(*packed);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->codec, Codec::none);
  const Value value = unpack(*decoded, 0).value();
  EXPECT_EQ(value.view(), "short");
  EXPECT_TRUE(value.binary());
}

TEST(Unpack, KeepsTheBinaryMarkThroughCompression) {
  Record record = plain("");
  const std::string text(1'000, 'x');
  record.payload = text;
  record.binary = true;
  const auto packed = pack(record, 1);
  ASSERT_TRUE(packed);
  const Value value = unpack(decode_record(*packed).value(), 1'000).value();
  EXPECT_TRUE(value.binary());
  EXPECT_EQ(value.view(), text);
}

TEST(Unpack, RefusesSizesThatContradictEachOther) {
  const std::string text(1'000, 'x');
  const auto packed = pack(plain(text), 1);
  Record record = decode_record(*packed).value();
  for (const std::uint64_t wrong : {0UL, 999UL, 1'001UL, ~0UL}) {
    record.raw_size = wrong;
    EXPECT_EQ(unpack(record, static_cast<std::size_t>(-1)).error().code(), ErrorCode::corrupt);
  }
  record.raw_size = 1'000;
  record.payload.remove_suffix(1);
  EXPECT_EQ(unpack(record, 1'000).error().code(), ErrorCode::corrupt);
}

}  // namespace
}  // namespace semantrix
