#include "stores/dynamodb/batches.hpp"

#include "net/connection_errors.hpp"
#include "stores/dynamodb/entries.hpp"
#include "stores/dynamodb/side_by_side.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace semantrix::dynamodb {
namespace {

using stores::Counters;

/// Requests of one batch that are under way at once.
constexpr std::size_t width = 8;
/// Keys are removed one by one, and each waits for a round trip.
constexpr std::size_t erase_width = 32;
/// A request of more is slow to send and takes long to repeat; the service's own limit is 16 MB.
constexpr std::size_t most_request_bytes = std::size_t{1024} * 1024;

Error unprocessed(Action action, std::string_view table) {
  ErrorInfo info;
  info.code = ErrorCode::throttled;
  info.message = "DynamoDB leaves part of a " + std::string(to_string(action)) +
                 " unprocessed, on table " + std::string(table);
  info.remedy = "ask less often, or raise the table's capacity";
  info.retryable = true;
  info.phase = Phase::received;
  return Error(std::move(info));
}

/// Whether the rest of a batch is asked for again, after a pause if it did not get on.
awaitable<bool> goes_on(SharedCore core, Action action, bool advanced, net::HttpAttempts& attempts,
                        std::optional<Error>& failure) {
  if (advanced && net::HttpAttempts::Clock::now() < attempts.deadline()) {
    attempts.advanced();
    co_return true;
  }
  const Error left = unprocessed(action, core->service.table());
  if (!attempts.retry(left)) {
    failure = attempts.told(left);
    co_return false;
  }
  auto waiting = Service::wait(attempts.pause());
  co_await std::move(waiting);
  co_return true;
}

struct Fetching {
  std::vector<Item> items;
  std::optional<Error> failure;
};

/// At most `most_keys_to_get` keys.
awaitable<void> fetch_some(SharedCore core, std::span<const std::string> wire_keys,
                           net::HttpAttempts attempts, Fetching& into) {
  std::vector<std::string> left(wire_keys.begin(), wire_keys.end());
  while (!left.empty()) {
    const std::vector<std::string_view> keys(left.begin(), left.end());
    auto asking = ask(core, Action::batch_get_item, core->requests.batch_get(keys), attempts);
    const Answer answer = co_await std::move(asking);
    if (answer.error) {
      into.failure = answer.error;
      co_return;
    }
    auto got = read_batch_got(answer.body, core->requests.ttl_attribute());
    if (!got) {
      into.failure = not_understood(Action::batch_get_item);
      co_return;
    }
    const bool advanced = got->unprocessed.size() < left.size();
    std::ranges::move(got->items, std::back_inserter(into.items));
    left = std::move(got->unprocessed);
    if (left.empty()) co_return;
    auto going = goes_on(core, Action::batch_get_item, advanced, attempts, into.failure);
    const bool more = co_await std::move(going);
    if (!more) co_return;
  }
}

/// Groups of elements that fit into one request each, as ends of ranges.
std::vector<std::size_t> split(std::span<const Element> elements) {
  std::vector<std::size_t> ends;
  std::size_t bytes = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i != elements.size(); ++i) {
    const std::size_t size = elements[i].json.size();
    if (i != begin && (i - begin == most_items_to_write || bytes + size > most_request_bytes)) {
      ends.push_back(i);
      begin = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (begin != elements.size()) ends.push_back(elements.size());
  return ends;
}

void keep_only(std::vector<Element*>& left, const std::vector<std::string>& keys) {
  std::erase_if(left, [&](const Element* element) {
    return std::ranges::find(keys, element->wire_key) == keys.end();
  });
}

awaitable<void> write_some(SharedCore core, std::span<Element> elements) {
  net::HttpAttempts attempts = core->attempts(net::CallKind::write);
  std::vector<Element*> left;
  for (Element& element : elements) left.push_back(&element);
  std::optional<Error> failure;
  while (!left.empty() && !failure) {
    std::vector<std::string_view> parts;
    parts.reserve(left.size());
    for (const Element* element : left) parts.push_back(element->json);
    auto asking = ask(core, Action::batch_write_item, core->requests.batch_write(parts), attempts);
    const Answer answer = co_await std::move(asking);
    failure = answer.error;
    if (failure) break;
    const auto rest = read_batch_written(answer.body, core->requests.ttl_attribute());
    if (!rest) failure = not_understood(Action::batch_write_item);
    if (!rest) break;
    const std::size_t before = left.size();
    keep_only(left, *rest);
    if (left.empty()) break;
    auto going = goes_on(core, Action::batch_write_item, left.size() < before, attempts, failure);
    co_await std::move(going);
  }
  for (Element* element : left) element->failure = failure;
}

/// Items of one key: the last one is written, and all share its fate.
using Places = boost::unordered_flat_map<std::string, std::vector<std::size_t>>;

}  // namespace

awaitable<Result<std::vector<Item>>> fetch(
    SharedCore core, std::span<const std::string> wire_keys,
    std::optional<net::HttpAttempts::Clock::time_point> deadline) {
  net::HttpAttempts attempts = core->attempts(net::CallKind::read);
  if (deadline) attempts = {core->service.means(), net::CallKind::read, *deadline};
  const std::size_t requests = (wire_keys.size() + most_keys_to_get - 1) / most_keys_to_get;
  std::vector<Fetching> parts(requests);
  const auto part = [&](std::size_t i) {
    const std::size_t begin = i * most_keys_to_get;
    const std::size_t size = std::min(most_keys_to_get, wire_keys.size() - begin);
    return fetch_some(core, wire_keys.subspan(begin, size), attempts, parts[i]);
  };
  auto fetching = side_by_side(requests, width, part);
  co_await std::move(fetching);
  std::vector<Item> items;
  for (Fetching& fetched : parts) {
    if (fetched.failure) co_return *fetched.failure;
    std::ranges::move(fetched.items, std::back_inserter(items));
  }
  co_return items;
}

awaitable<void> write(SharedCore core, std::span<Element> elements) {
  const std::vector<std::size_t> ends = split(elements);
  const auto part = [&](std::size_t i) {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return write_some(core, elements.subspan(begin, ends[i] - begin));
  };
  auto writing = side_by_side(ends.size(), width, part);
  co_await std::move(writing);
}

awaitable<Result<std::vector<std::optional<Value>>>> batch_get(SharedCore core,
                                                               std::span<const std::string> keys) {
  std::vector<std::optional<Value>> values(keys.size());
  std::vector<std::string> wire_keys;
  Places places;
  for (std::size_t i = 0; i != keys.size(); ++i) {
    WireKey wire = wire_key(core->prefix(), keys[i]);
    auto [place, is_new] = places.try_emplace(wire.text);
    if (is_new) wire_keys.push_back(std::move(wire.text));
    place->second.push_back(i);
  }
  auto fetching = fetch(core, wire_keys);
  Result<std::vector<Item>> items = co_await std::move(fetching);
  if (!items) {
    const Error error = core->failed(items.error());
    if (!core->hides(error)) co_return error;
    items = std::vector<Item>();
  }
  const auto now = Core::now();
  for (Item& item : *items) {
    const auto place = places.find(item.key);
    if (place == places.end()) continue;
    const std::vector<std::size_t> wanted = std::move(place->second);
    auto opening = open(core, keys[wanted.front()], std::move(item), now);
    const Result<std::optional<Value>> value = co_await std::move(opening);
    if (!value) co_return core->failed(value.error());
    for (const std::size_t i : wanted) values[i] = *value;
  }
  for (auto& value : values) value = core->answered(std::move(value));
  co_return values;
}

awaitable<Result<BatchOutcome>> batch_add(SharedCore core, std::span<const BatchItem> items,
                                          AddOptions options) {
  if (core->closed()) co_return core->failed(net::store_closed());
  std::vector<std::optional<Error>> failures(items.size());
  std::vector<Element> elements;
  std::vector<std::size_t> large;
  Places places;
  for (std::size_t i = 0; i != items.size(); ++i) {
    places[wire_key(core->prefix(), items[i].key).text].push_back(i);
  }
  for (const auto& [wire, indices] : places) {
    const BatchItem& last = items[indices.back()];
    const auto ttl = last.ttl ? last.ttl : options.ttl;
    const Stored stored = store_form(*core, last.key, last.value, ttl);
    if (!stored.fits(core->requests.ttl_attribute())) {
      large.push_back(indices.back());
    } else {
      elements.push_back({wire, core->requests.put_element(stored.item()), std::nullopt});
    }
  }
  auto writing = write(core, elements);
  co_await std::move(writing);
  for (const Element& element : elements) {
    for (const std::size_t i : places[element.wire_key]) failures[i] = element.failure;
  }
  for (const std::size_t i : large) {
    const auto ttl = items[i].ttl ? items[i].ttl : options.ttl;
    auto adding = add_one(core, items[i].key, items[i].value, ttl);
    const Result<void> added = co_await std::move(adding);
    if (added) continue;
    for (const std::size_t same : places[wire_key(core->prefix(), items[i].key).text]) {
      failures[same] = added.error();
    }
  }
  BatchOutcome outcome;
  core->settle(items, 0, failures, outcome);
  co_return outcome;
}

awaitable<Result<std::size_t>> batch_erase(SharedCore core, std::span<const std::string> keys) {
  std::vector<std::string_view> different(keys.begin(), keys.end());
  std::ranges::sort(different);
  different.erase(std::unique(different.begin(), different.end()), different.end());
  std::size_t erased = 0;
  std::vector<std::optional<Error>> failures(different.size());
  const auto part = [&](std::size_t i) {
    return erase_one(core, different[i], erased, failures[i]);
  };
  auto erasing = side_by_side(different.size(), erase_width, part);
  co_await std::move(erasing);
  Counters::count(core->counters().deletes, erased);
  if (const auto told = core->told(failures)) co_return *told;
  co_return erased;
}

}  // namespace semantrix::dynamodb
