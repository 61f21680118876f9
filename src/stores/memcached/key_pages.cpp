#include "stores/memcached/key_pages.hpp"

#include "stores/memcached/items.hpp"
#include "stores/memcached/stored_form.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace semantrix::memcached {
namespace {

using memcache::DumpedKey;
using memcache::WireKey;

/// Of a page, and of what is looked at for it at once.
constexpr std::size_t page_keys = 1'000;
constexpr std::size_t looked_at_once = 100;
/// A server keeps an entry for up to three seconds more than was asked; clocks may differ by some.
constexpr std::chrono::seconds about_to_end(6);

bool may_have_ended(const DumpedKey& dumped) {
  return dumped.expires && dumped.expires->time_since_epoch() < wall_clock() + about_to_end;
}

}  // namespace

awaitable<Result<KeyStream::Page>> KeyPages::do_next() {
  for (;;) {
    if (core_->closed()) co_return core_->failed(net::store_closed());
    if (!server_) {
      auto going = go_to_next_server();
      const Result<void> gone = co_await std::move(going);
      if (!gone) co_return core_->failed(gone.error());
      if (!server_) co_return Page();
    }
    auto taking = take_page();
    Result<Page> page = co_await std::move(taking);
    if (!page) co_return core_->failed(page.error());
    if (next_key_ == dumped_.size()) server_.reset();
    if (!page->empty()) co_return page;
  }
}

awaitable<Result<void>> KeyPages::go_to_next_server() {
  if (!view_) {
    auto learning = core_->client().learn();
    auto view = co_await std::move(learning);
    if (!view) co_return view.error();
    view_ = std::move(*view);
  }
  if (next_server_ == view_->nodes.size()) co_return Result<void>();
  const std::shared_ptr<Node> server = view_->nodes[next_server_];
  auto crawling = crawl(core_, server);
  auto dumped = co_await std::move(crawling);
  if (!dumped) co_return dumped.error();
  ++next_server_;
  server_ = server;
  dumped_ = std::move(*dumped);
  next_key_ = 0;
  co_return Result<void>();
}

awaitable<Result<KeyStream::Page>> KeyPages::take_page() {
  Page page;
  std::vector<WireKey> doubtful;
  while (next_key_ != dumped_.size() && page.size() < page_keys &&
         doubtful.size() < looked_at_once) {
    const DumpedKey& dumped = dumped_[next_key_++];
    const auto key = core_->key_prefix().strip(dumped.key);
    if (!key || key->empty() || memcache::is_chunk(*key)) continue;
    // A copy from before other servers came is no entry.
    if (view_->node_of(dumped.key) != server_) continue;
    const auto wire_key = WireKey::of(dumped.key);
    if (!wire_key) continue;
    if (memcache::is_hash(*key) || may_have_ended(dumped)) {
      doubtful.push_back(*wire_key);
    } else if (glob_.matches(*key)) {
      page.emplace_back(*key);
    }
  }
  if (doubtful.empty()) co_return page;
  At at;
  at.server = server_;
  auto getting = get_items(core_, std::move(at), doubtful);
  auto stored = co_await std::move(getting);
  if (!stored) co_return stored.error();
  for (std::size_t i = 0; i != doubtful.size(); ++i) {
    if (!(*stored)[i]) continue;
    const auto form = read_form(*core_, doubtful[i], {}, std::move(*(*stored)[i]));
    if (!form) continue;
    const std::string_view plain = *core_->key_prefix().strip(doubtful[i].text());
    const std::string_view key = memcache::is_hash(plain) ? form->record.whole_key : plain;
    if (!key.empty() && glob_.matches(key)) page.emplace_back(key);
  }
  co_return page;
}

}  // namespace semantrix::memcached
