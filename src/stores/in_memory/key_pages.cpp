#include "stores/in_memory/key_pages.hpp"

#include <algorithm>
#include <utility>

namespace semantrix {
namespace {

constexpr std::size_t page_size = 1'000;

}  // namespace

std::optional<Result<KeyStream::Page>> InMemoryStore::KeyPages::probe_next() {
  if (state_->is_closed()) return Result<Page>(state_->failed_closed());
  if (!listed_) keys_ = state_->cache.keys(match_);
  return Result<Page>(next_page());
}

awaitable<Result<KeyStream::Page>> InMemoryStore::KeyPages::do_next() {
  co_return std::move(*probe_next());
}

KeyStream::Page InMemoryStore::KeyPages::next_page() {
  const bool fresh = !std::exchange(listed_, true);
  Page page;
  page.reserve(std::min(page_size, keys_.size() - at_));
  while (page.size() != page_size && at_ != keys_.size()) {
    std::string& key = keys_[at_++];
    if (fresh || state_->cache.peek(key)) page.push_back(std::move(key));
  }
  return page;
}

}  // namespace semantrix
