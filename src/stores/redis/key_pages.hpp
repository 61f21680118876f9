#pragma once

#include "base/glob.hpp"
#include "stores/redis/core.hpp"
#include <semantrix/cache_store.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::redis {

/// The store's keys in pages, by SCAN of one server after the other. A server may name a key twice
/// and match more than is asked; here each comes once, and only those under the prefix that match
/// the glob. Primaries that the cluster gains meanwhile are scanned too. Remembers 16 bytes a key.
class KeyPages final : public KeyStream {
 public:
  KeyPages(std::shared_ptr<Core> core, const std::string& match);

  awaitable<Result<Page>> do_next() override;

 private:
  awaitable<Result<void>> go_to_next_server();
  Page take(std::vector<std::string> keys);

  const std::shared_ptr<Core> core_;
  const Glob glob_;
  const std::string pattern_;
  std::shared_ptr<Node> server_;  // null: between two
  std::vector<std::shared_ptr<Node>> scanned_;
  std::string cursor_;
  bool ended_ = false;
  boost::unordered_flat_set<std::pair<std::uint64_t, std::uint64_t>> seen_;
};

}  // namespace semantrix::redis
