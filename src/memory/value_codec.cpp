#include "memory/value_codec.hpp"

#include <limits>
#include <utility>

namespace semantrix::memory {

std::optional<std::string> ValueCodec::encode(std::string_view value) {
  if (!may_encode(value)) return std::nullopt;
  if (dictionary_bytes_ != 0 && learning_.load(std::memory_order_relaxed)) learn_from(value);
  std::optional<std::string> smaller = compress_if_worth(value, dictionary());
  if (smaller) {
    raw_bytes_.fetch_add(value.size(), std::memory_order_relaxed);
    stored_bytes_.fetch_add(smaller->size(), std::memory_order_relaxed);
  }
  return smaller;
}

Result<Value> ValueCodec::decode(std::string_view frame) const {
  return decompress(frame, dictionary(), std::numeric_limits<std::uint32_t>::max());
}

bool ValueCodec::adopt(std::shared_ptr<const Dictionary> dictionary) {
  const std::lock_guard lock(mutex_);
  if (owned_ != nullptr) return owned_->id() == dictionary->id();
  owned_ = std::move(dictionary);
  learning_ = false;
  current_.store(owned_.get(), std::memory_order_release);
  return true;
}

// zstd's trainer wants about a hundred times the dictionary's size; a head of each value is enough,
// for answers resemble each other in how they begin and are worded.
void ValueCodec::learn_from(std::string_view value) {
  constexpr std::size_t longest_sample = 4096;
  constexpr std::size_t bytes_per_dictionary_byte = 100;
  std::vector<std::string> samples;
  {
    const std::lock_guard lock(mutex_);
    if (!learning_) return;
    samples_.emplace_back(value.substr(0, longest_sample));
    sample_bytes_ += samples_.back().size();
    if (sample_bytes_ < dictionary_bytes_ * bytes_per_dictionary_byte) return;
    learning_ = false;
    samples = std::exchange(samples_, {});
  }
  const std::vector<std::string_view> views(samples.begin(), samples.end());
  if (auto trained = train_dictionary(views, dictionary_bytes_)) adopt(*trained);
}

}  // namespace semantrix::memory
