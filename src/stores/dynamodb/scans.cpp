#include "stores/dynamodb/scans.hpp"

#include "net/connection_errors.hpp"
#include "stores/dynamodb/batches.hpp"
#include "stores/dynamodb/side_by_side.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::dynamodb {
namespace {

/// The key that the caller knows; empty for an item that no key of the store leads to.
std::string key_of(const Item& item, std::string_view prefix) {
  if (!item.whole_key.empty()) return item.whole_key;
  if (item.is_chunk || !item.key.starts_with(prefix)) return {};
  return item.key.substr(prefix.size());
}

}  // namespace

Scan::Scan(SharedCore core, std::string prefix, Options options)
    : core_(std::move(core)), prefix_(std::move(prefix)), options_(options) {}

bool Scan::ended() const noexcept {
  return std::ranges::all_of(segments_, [](const Segment& segment) { return segment.ended; });
}

awaitable<void> Scan::read_page(std::uint32_t number) {
  Segment& segment = segments_.at(number);
  segment.page = Scanned();
  segment.failure.reset();
  if (segment.ended) co_return;
  ScanPage page;
  page.segment = number;
  page.segments = segments;
  page.after = segment.after;
  page.prefix = prefix_;
  page.count_only = options_.count_only;
  if (options_.live_only) page.live_at = Core::now();
  net::HttpAttempts attempts = core_->attempts(net::CallKind::scan);
  auto asking = ask(core_, Action::scan, core_->requests.scan(page), attempts);
  const Answer answer = co_await std::move(asking);
  if (answer.error) {
    segment.failure = answer.error;
    co_return;
  }
  auto scanned = read_scanned(answer.body, core_->requests.ttl_attribute());
  if (!scanned) {
    segment.failure = not_understood(Action::scan);
    co_return;
  }
  segment.after = scanned->last_key;
  segment.ended = segment.after.empty();
  segment.page = std::move(*scanned);
}

awaitable<Result<std::vector<Scanned>>> Scan::next() {
  const auto part = [this](std::size_t i) { return read_page(static_cast<std::uint32_t>(i)); };
  auto reading = side_by_side(segments, segments, part);
  co_await std::move(reading);
  std::vector<Scanned> pages;
  for (Segment& segment : segments_) {
    if (segment.failure) co_return *segment.failure;
    pages.push_back(std::move(segment.page));
  }
  co_return pages;
}

KeyPages::KeyPages(SharedCore core, const std::string& match)
    : core_(std::move(core)), glob_(match), scan_(core_, std::string(core_->prefix()), {}) {}

awaitable<Result<KeyStream::Page>> KeyPages::do_next() {
  if (core_->closed()) co_return core_->failed(net::store_closed());
  while (!scan_.ended()) {
    auto reading = scan_.next();
    Result<std::vector<Scanned>> pages = co_await std::move(reading);
    if (!pages) co_return core_->failed(pages.error());
    Page keys;
    for (const Scanned& page : *pages) {
      std::ranges::move(take(page.items), std::back_inserter(keys));
    }
    if (!keys.empty()) co_return keys;
  }
  co_return Page();
}

KeyStream::Page KeyPages::take(const std::vector<Item>& items) const {
  Page keys;
  for (const Item& item : items) {
    std::string key = key_of(item, core_->prefix());
    if (!key.empty() && glob_.matches(key)) keys.push_back(std::move(key));
  }
  return keys;
}

awaitable<Result<std::size_t>> count_entries(SharedCore core) {
  Scan scan(core, std::string(core->prefix()), {.live_only = true, .count_only = true});
  std::size_t count = 0;
  while (!scan.ended()) {
    auto reading = scan.next();
    const Result<std::vector<Scanned>> pages = co_await std::move(reading);
    if (!pages) co_return core->failed(pages.error());
    for (const Scanned& page : *pages) count += page.count;
  }
  co_return count;
}

awaitable<Result<std::size_t>> approximate_count(SharedCore core) {
  net::HttpAttempts attempts = core->attempts(net::CallKind::read);
  auto asking = ask(core, Action::describe_table, core->requests.describe(), attempts);
  const Answer answer = co_await std::move(asking);
  if (core->misses_table(answer)) co_return std::size_t{0};
  if (answer.error) co_return core->failed(*answer.error);
  const auto state = read_table(answer.body);
  if (!state) co_return core->failed(not_understood(Action::describe_table));
  co_return state->items;
}

awaitable<Result<std::size_t>> clear_entries(SharedCore core) {
  Scan scan(core, std::string(core->prefix()), {.live_only = false, .count_only = false});
  std::size_t cleared = 0;
  while (!scan.ended()) {
    auto reading = scan.next();
    const Result<std::vector<Scanned>> pages = co_await std::move(reading);
    if (!pages) co_return core->failed(pages.error());
    const auto now = Core::now();
    std::vector<Element> elements;
    for (const Scanned& page : *pages) {
      for (const Item& item : page.items) {
        cleared += item.is_chunk || item.expired(now) ? 0 : 1;
        elements.push_back({item.key, Requests::erase_element(item.key), std::nullopt});
      }
    }
    auto erasing = write(core, elements);
    co_await std::move(erasing);
    for (const Element& element : elements) {
      if (element.failure) co_return core->failed(*element.failure);
    }
  }
  co_return cleared;
}

}  // namespace semantrix::dynamodb
