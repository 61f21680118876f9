#pragma once

#include <semantrix/testing/conformance/context.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// Keys and values of any bytes and any length.
namespace semantrix::testing::conformance {

/// Bytes that no compressor makes smaller, the same for the same seed.
inline std::string noise(std::size_t size, std::uint64_t seed = 1) {
  std::string bytes(size, '\0');
  std::uint64_t state = seed;
  for (char& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<char>(state >> 56);
  }
  return bytes;
}

inline std::string prose(std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += "line " + std::to_string(text.size()) + " of an answer that says much the same\n";
  }
  text.resize(size);
  return text;
}

inline std::vector<std::string> awkward_strings() {
  std::string ascii;
  std::string others;
  for (int byte = 0; byte != 128; ++byte) {
    ascii += static_cast<char>(byte);
    others += static_cast<char>(byte + 128);
  }
  return {std::string(1, '\0'),
          std::string("a\0b", 3),
          "\r\n",
          "END\r\n",
          "$5\r\nhello\r\n",
          " spaces inside and around ",
          "\xff\xfe\xfa",
          "\xc3\x28",
          "\xf0\x9f\x92",
          R"({"json": "with \"quotes\""})",
          "*?[a-z]\\",
          "\xf5\x53\x4d\x58",
          std::string("\xf5\x53\x4d\x58\x01\x00\x00\x00 and more", 17),
          ascii,
          others};
}

inline void values_of_any_bytes(Context& test) {
  for (const std::string& bytes : awkward_strings()) {
    test.client().add("key", bytes);
    EXPECT_EQ(test.client().get("key"), Value(bytes)) << ::testing::PrintToString(bytes);
  }
}

inline void keys_of_any_bytes(Context& test) {
  const std::vector<std::string> keys = awkward_strings();
  for (const std::string& key : keys) test.client().add(key, "of " + key);
  for (const std::string& key : keys) {
    EXPECT_EQ(test.client().get(key), Value("of " + key)) << ::testing::PrintToString(key);
    EXPECT_TRUE(test.client().erase(key)) << ::testing::PrintToString(key);
  }
}

inline void keys_of_any_length(Context& test) {
  Client& client = test.client();
  for (const std::size_t length : {1U, 249U, 250U, 251U, 1'024U, 2'048U, 2'049U, 8'192U, 65'536U}) {
    const std::string key = noise(length, length);
    if (length > test.capability().max_key_bytes) {
      EXPECT_EQ(error_of([&] {
                  client.add(key, "value");
                  return 0;
                }),
                ErrorCode::too_large);
      EXPECT_EQ(error_of([&] { return client.get(key); }), ErrorCode::too_large);
      continue;
    }
    std::string neighbour = key;
    neighbour.back() = static_cast<char>(neighbour.back() ^ 1);
    client.add(key, "value");
    EXPECT_EQ(client.get(key), Value("value")) << length;
    EXPECT_EQ(client.get(neighbour), std::nullopt) << length;
  }
}

inline void values_of_any_length(Context& test) {
  for (const std::size_t length :
       {1U, 2U, 63U, 64U, 65U, 255U, 256U, 1'023U, 1'024U, 1'025U, 4'096U, 65'535U, 65'536U}) {
    for (const std::string& value : {noise(length), prose(length)}) {
      test.client().add("key", value);
      EXPECT_EQ(test.client().get("key"), Value(value)) << length;
    }
  }
}

/// Compares without printing megabytes.
inline void expect_round_trip(Context& test, const std::string& value) {
  Client& client = test.client();
  if (value.size() > test.capability().max_value_bytes) {
    EXPECT_EQ(error_of([&] {
                client.add("key", value);
                return 0;
              }),
              ErrorCode::too_large);
    return;
  }
  client.add("key", value);
  const std::optional<Value> found = client.get("key");
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->view() == value) << found->size() << " bytes for " << value.size();
}

inline void a_value_of_five_megabytes(Context& test) {
  expect_round_trip(test, noise(5'000'000));
  expect_round_trip(test, prose(5'000'000));
}

inline void slow_a_value_of_a_hundred_megabytes(Context& test) {
  expect_round_trip(test, noise(100'000'000));
}

/// An older value would contradict what the caller wanted to store.
inline void a_refused_value_leaves_no_older_one_behind(Context& test) {
  Client& client = test.client();
  const std::string too_long(test.capability().max_value_bytes + 1, 'x');
  client.add("key", "old");
  EXPECT_EQ(error_of([&] {
              client.add("key", too_long);
              return 0;
            }),
            ErrorCode::too_large);
  EXPECT_EQ(client.get("key"), std::nullopt);
  client.add("key", "old");
  std::vector<BatchItem> items(2);
  items[0] = {"key", Value(too_long), std::nullopt};
  items[1] = {"other", Value("fits"), std::nullopt};
  const BatchOutcome outcome = client.batch_add(std::move(items));
  ASSERT_EQ(outcome.failures.size(), 1U);
  EXPECT_EQ(outcome.failures[0].error.code(), ErrorCode::too_large);
  EXPECT_EQ(client.get("key"), std::nullopt);
  EXPECT_EQ(client.get("other"), Value("fits"));
}

inline std::vector<Case> bytes_cases() {
  const auto slow = [](const Capability&, const ConformanceTraits& traits) { return traits.slow; };
  const auto small_values = [](const Capability& capability, const ConformanceTraits&) {
    return capability.max_value_bytes < 16'000'000;
  };
  return {{"values_of_any_bytes", values_of_any_bytes},
          {"keys_of_any_bytes", keys_of_any_bytes},
          {"keys_of_any_length", keys_of_any_length},
          {"values_of_any_length", values_of_any_length},
          {"a_value_of_five_megabytes", a_value_of_five_megabytes},
          {"slow_a_value_of_a_hundred_megabytes", slow_a_value_of_a_hundred_megabytes, slow},
          {"a_refused_value_leaves_no_older_one_behind", a_refused_value_leaves_no_older_one_behind,
           small_values}};
}

}  // namespace semantrix::testing::conformance
