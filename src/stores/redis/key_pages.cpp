#include "stores/redis/key_pages.hpp"

#include "base/hash.hpp"
#include "protocol/resp/glob_escape.hpp"
#include "stores/redis/decoders.hpp"
#include "stores/redis/requests.hpp"

#include <algorithm>
#include <utility>

namespace semantrix::redis {
namespace {

/// A node that has left its cluster is let go of. Whom it left its keys to may be scanned already.
Error server_left() {
  ErrorInfo info;
  info.code = ErrorCode::unavailable;
  info.message = "the server left the cluster while its keys were listed";
  info.remedy = "list them again";
  info.retryable = true;
  return Error(std::move(info));
}

}  // namespace

KeyPages::KeyPages(std::shared_ptr<Core> core, const std::string& match)
    : core_(std::move(core)),
      glob_(match),
      pattern_(resp::glob_escape(std::string(core_->prefix()) + glob_.literal_prefix()) + "*") {}

awaitable<Result<KeyStream::Page>> KeyPages::do_next() {
  for (;;) {
    if (!server_) {
      auto going = go_to_next_server();
      const Result<void> gone = co_await std::move(going);
      if (!gone) co_return core_->failed(gone.error());
      if (ended_) co_return Page();
    }
    Route route;
    route.kind = CallKind::scan;
    route.server = server_;
    const auto encode = [this](Commands& out) { append_scan(out, cursor_, pattern_); };
    auto scan = core_->client().call<ScanDecoder>(std::move(route), 1, encode);
    Result<ScanPage> scanned = co_await std::move(scan);
    if (!scanned) {
      const bool left = scanned.error().code() == ErrorCode::closed && !core_->closed();
      co_return core_->failed(left ? server_left() : scanned.error());
    }
    cursor_ = std::move(scanned->cursor);
    if (cursor_ == "0") scanned_.push_back(std::exchange(server_, nullptr));
    Page page = take(std::move(scanned->keys));
    if (!page.empty()) co_return page;
  }
}

awaitable<Result<void>> KeyPages::go_to_next_server() {
  auto asking = core_->client().primaries();
  const auto primaries = co_await std::move(asking);
  if (!primaries) co_return primaries.error();
  for (const auto& primary : *primaries) {
    if (std::ranges::find(scanned_, primary) != scanned_.end()) continue;
    server_ = primary;
    cursor_ = "0";
    co_return Result<void>();
  }
  ended_ = true;
  co_return Result<void>();
}

KeyStream::Page KeyPages::take(std::vector<std::string> keys) {
  Page page;
  for (std::string& key : keys) {
    if (!key.starts_with(core_->prefix()) || key.size() == core_->prefix().size()) continue;
    key.erase(0, core_->prefix().size());
    if (!glob_.matches(key)) continue;
    if (seen_.emplace(hash_key(key), key_digest(key)).second) page.push_back(std::move(key));
  }
  return page;
}

}  // namespace semantrix::redis
