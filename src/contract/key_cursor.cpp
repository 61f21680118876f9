#include "contract/checks.hpp"
#include "contract/ready.hpp"

#include <iterator>
#include <utility>

namespace semantrix {
namespace {

/// The keys of a store that cannot list them.
class RefusedKeys final : public KeyStream {
 public:
  explicit RefusedKeys(Error error) : error_(std::move(error)) {}

  std::optional<Result<Page>> probe_next() override { return Result<Page>(error_); }
  awaitable<Result<Page>> do_next() override { co_return error_; }

 private:
  Error error_;
};

}  // namespace

KeyCursor CacheStore::keys(std::string match) {
  if (!capability().can_list_keys) {
    return KeyCursor(
        std::make_unique<RefusedKeys>(contract::not_supported(capability(), "listing its keys")));
  }
  return KeyCursor(open_keys(std::move(match)));
}

awaitable<std::vector<std::string>> KeyCursor::next() {
  if (auto page = stream_->probe_next()) return contract::ready(std::move(*page));
  return contract::unwrap(stream_->do_next());
}

awaitable<std::vector<std::string>> KeyCursor::rest() {
  std::vector<std::string> all;
  for (;;) {
    std::vector<std::string> page = co_await next();
    if (page.empty()) co_return all;
    all.insert(all.end(), std::make_move_iterator(page.begin()),
               std::make_move_iterator(page.end()));
  }
}

}  // namespace semantrix
