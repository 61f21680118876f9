#pragma once

#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace semantrix {

/// A zstd dictionary, digested for both directions. Immutable: shared between threads and between
/// the values that were compressed with it.
class Dictionary {
 public:
  /// Takes what `train_dictionary` made, e.g. from a snapshot. Error (`corrupt`): not one of those.
  [[nodiscard]] static Result<std::shared_ptr<const Dictionary>> load(std::string_view bytes);

  ~Dictionary();
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  /// The dictionary as a file keeps it.
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  /// The number that frames compressed with it carry; never 0.
  [[nodiscard]] unsigned int id() const noexcept { return id_; }
  /// Memory held, both digests included.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  struct Digests;
  [[nodiscard]] const Digests& digests() const noexcept { return *digests_; }

 private:
  Dictionary(std::string bytes, unsigned int id, std::unique_ptr<Digests> digests);

  std::string bytes_;
  unsigned int id_;
  std::unique_ptr<Digests> digests_;
};

/// Trains a dictionary of at most `size` bytes from samples; some hundred samples, a hundred times
/// the size together, make a good one. Takes tens of milliseconds. Error (`invalid_argument`): too
/// few or too uniform samples, or a size below 256.
[[nodiscard]] Result<std::shared_ptr<const Dictionary>> train_dictionary(
    std::span<const std::string_view> samples, std::size_t size);

/// The bytes as one zstd frame (level 1), if that is at least 12.5 % smaller; nothing otherwise.
/// Keeps one context a thread. Null: no dictionary.
[[nodiscard]] std::optional<std::string> compress_if_worth(std::string_view bytes,
                                                           const Dictionary* dictionary = nullptr);

/// The bytes of a frame, in one fresh block of the size that the frame announces; never more than
/// `limit`. Error (`corrupt`): no frame, cut, altered, another dictionary's, or larger than
/// `limit`.
[[nodiscard]] Result<Value> decompress(std::string_view frame, const Dictionary* dictionary,
                                       std::size_t limit);

}  // namespace semantrix
