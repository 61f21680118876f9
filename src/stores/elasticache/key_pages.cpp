#include "stores/elasticache/key_pages.hpp"

#include "base/hash.hpp"
#include "protocol/resp/glob_escape.hpp"
#include "stores/elasticache/requests.hpp"
#include "stores/redis/decoders.hpp"

namespace semantrix::elasticache {

KeyPages::KeyPages(std::shared_ptr<Core> core, const std::string& match)
    : core_(std::move(core)),
      glob_(match),
      pattern_(resp::glob_escape(std::string(core_->prefix()) + glob_.literal_prefix()) + "*") {}

awaitable<Result<KeyStream::Page>> KeyPages::do_next() {
  while (!ended_) {
    const auto encode = [this](net::OutputBuffer& out) { append_scan(out, cursor_, pattern_); };
    auto scan = core_->client().call<redis::ScanDecoder>(redis::CallKind::scan, 1, encode);
    Result<redis::ScanPage> scanned = co_await std::move(scan);
    if (!scanned) co_return core_->failed(scanned.error());
    cursor_ = std::move(scanned->cursor);
    ended_ = cursor_ == "0";
    Page page = take(std::move(scanned->keys));
    if (!page.empty()) co_return page;
  }
  co_return Page();
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

}  // namespace semantrix::elasticache
