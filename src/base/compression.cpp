#include "base/compression.hpp"

#include <fmt/format.h>
#include <zdict.h>
#include <zstd.h>

#include <cstdlib>
#include <new>
#include <vector>

namespace semantrix {
namespace {

constexpr int level = 1;  // Beyond it prose gains under 2 % for a third more time.

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using CompressionContext = std::unique_ptr<ZSTD_CCtx, FreeBy<ZSTD_freeCCtx>>;
using DecompressionContext = std::unique_ptr<ZSTD_DCtx, FreeBy<ZSTD_freeDCtx>>;
using CompressionDictionary = std::unique_ptr<ZSTD_CDict, FreeBy<ZSTD_freeCDict>>;
using DecompressionDictionary = std::unique_ptr<ZSTD_DDict, FreeBy<ZSTD_freeDDict>>;

template <class Pointer>
Pointer checked(Pointer pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

// A context is a megabyte and its set-up costs more than a small value's compression.
ZSTD_CCtx* compression_context() {
  thread_local const CompressionContext context(checked(ZSTD_createCCtx()));
  return context.get();
}

ZSTD_DCtx* decompression_context() {
  thread_local const DecompressionContext context(checked(ZSTD_createDCtx()));
  return context.get();
}

Error corrupt(std::string_view why) {
  return {ErrorCode::corrupt, fmt::format("compressed bytes cannot be read: {}", why)};
}

}  // namespace

struct Dictionary::Digests {
  CompressionDictionary compression;
  DecompressionDictionary decompression;
};

Dictionary::Dictionary(std::string bytes, unsigned int id, std::unique_ptr<Digests> digests)
    : bytes_(std::move(bytes)), id_(id), digests_(std::move(digests)) {}

Dictionary::~Dictionary() = default;

Result<std::shared_ptr<const Dictionary>> Dictionary::load(std::string_view bytes) {
  const unsigned int id = ZDICT_getDictID(bytes.data(), bytes.size());
  auto digests = std::make_unique<Digests>();
  digests->compression.reset(ZSTD_createCDict(bytes.data(), bytes.size(), level));
  digests->decompression.reset(ZSTD_createDDict(bytes.data(), bytes.size()));
  if (id == 0 || !digests->compression || !digests->decompression) {
    return Error(ErrorCode::corrupt, "compression dictionary cannot be read");
  }
  return std::shared_ptr<const Dictionary>(
      new Dictionary(std::string(bytes), id, std::move(digests)));
}

std::size_t Dictionary::memory_bytes() const noexcept {
  return sizeof(Dictionary) + sizeof(Digests) + bytes_.capacity() +
         ZSTD_sizeof_CDict(digests_->compression.get()) +
         ZSTD_sizeof_DDict(digests_->decompression.get());
}

Result<std::shared_ptr<const Dictionary>> train_dictionary(
    std::span<const std::string_view> samples, std::size_t size) {
  std::string all;
  std::vector<std::size_t> sizes;
  sizes.reserve(samples.size());
  for (const std::string_view sample : samples) {
    all += sample;
    sizes.push_back(sample.size());
  }
  std::string bytes(size, '\0');
  const std::size_t trained =
      ZDICT_trainFromBuffer(bytes.data(), bytes.size(), all.data(), sizes.data(),
                            static_cast<unsigned int>(sizes.size()));
  if (ZDICT_isError(trained) != 0) {
    return Error(ErrorCode::invalid_argument,
                 fmt::format("no dictionary of {} bytes can be trained from {} samples of {} bytes "
                             "together: {}",
                             size, samples.size(), all.size(), ZDICT_getErrorName(trained)));
  }
  return Dictionary::load(std::string_view(bytes).substr(0, trained));
}

std::optional<std::string> compress_if_worth(std::string_view bytes, const Dictionary* dictionary) {
  // Less room than the bound would make zstd give up on values that are just worth it.
  const std::size_t room = ZSTD_compressBound(bytes.size());
  const auto frame =
      std::make_unique_for_overwrite<char[]>(room);  // NOLINT(modernize-avoid-c-arrays): a buffer
  ZSTD_CCtx* const context = compression_context();
  const std::size_t size =
      dictionary != nullptr
          ? ZSTD_compress_usingCDict(context, frame.get(), room, bytes.data(), bytes.size(),
                                     dictionary->digests().compression.get())
          : ZSTD_compressCCtx(context, frame.get(), room, bytes.data(), bytes.size(), level);
  if (ZSTD_isError(size) != 0 || size > bytes.size() - (bytes.size() + 7) / 8) return std::nullopt;
  return std::string(frame.get(), size);
}

Result<Value> decompress(std::string_view frame, const Dictionary* dictionary, std::size_t limit) {
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  // 0 is what a skippable frame announces; nothing empty is ever compressed.
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size == 0) {
    return corrupt("no zstd frame that announces its size");
  }
  if (size > limit) return corrupt(fmt::format("{} bytes exceed the limit of {}", size, limit));
  void* const memory = std::malloc(sizeof(detail::SharedBytes) + size);
  if (memory == nullptr) return corrupt(fmt::format("no memory for {} bytes", size));
  auto* const block = ::new (memory) detail::SharedBytes{detail::SharedBytes::one};
  char* const data = static_cast<char*>(memory) + sizeof(detail::SharedBytes);
  Value value(block, data, size, false);
  ZSTD_DCtx* const context = decompression_context();
  const std::size_t written =
      dictionary != nullptr
          ? ZSTD_decompress_usingDDict(context, data, size, frame.data(), frame.size(),
                                       dictionary->digests().decompression.get())
          : ZSTD_decompressDCtx(context, data, size, frame.data(), frame.size());
  if (ZSTD_isError(written) != 0) return corrupt(ZSTD_getErrorName(written));
  if (written != size) return corrupt("the frame is shorter than it announces");
  return value;
}

}  // namespace semantrix
