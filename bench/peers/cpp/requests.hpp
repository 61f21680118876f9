// What every harness replays: key ids from a file, and the 32-byte keys that they stand for.
#pragma once

#include "workload/random.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace peers {

inline constexpr std::size_t key_bytes = 32;
using KeyText = std::array<char, key_bytes>;

/// The key of an id: 128 bits in hexadecimal, as the digest of a prompt would be.
inline KeyText key_text(std::uint32_t id) {
  constexpr std::string_view digits = "0123456789abcdef";
  KeyText text;
  for (std::uint64_t half = 0; half < 2; ++half) {
    std::uint64_t word = semantrix::workload::mix(2ULL * id + half + 1);
    for (std::size_t i = 0; i < 16; ++i, word >>= 4U) text[half * 16 + i] = digits[word & 15U];
  }
  return text;
}

/// All keys, built before anything is timed.
class KeyTable {
 public:
  explicit KeyTable(std::uint32_t count) : texts_(count) {
    for (std::uint32_t id = 0; id < count; ++id) texts_[id] = key_text(id);
  }
  std::string_view operator[](std::uint32_t id) const { return {texts_[id].data(), key_bytes}; }

 private:
  std::vector<KeyText> texts_;
};

/// Reads the ids and checks that the key table has them all. Both ends are little-endian here.
inline std::vector<std::uint32_t> read_ids(const std::string& path, std::uint32_t keys) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot be opened", path));
  std::vector<std::uint32_t> ids(static_cast<std::size_t>(file.tellg()) / sizeof(std::uint32_t));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(ids.data()),
            static_cast<std::streamsize>(ids.size() * sizeof(std::uint32_t)));
  if (ids.empty()) throw std::runtime_error(fmt::format("{}: no requests", path));
  for (const std::uint32_t id : ids) {
    if (id >= keys) throw std::runtime_error(fmt::format("{}: key {} of {}", path, id, keys));
  }
  return ids;
}

}  // namespace peers
