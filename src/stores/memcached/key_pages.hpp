#pragma once

#include "base/glob.hpp"
#include "protocol/memcache/metadump.hpp"
#include "stores/memcached/core.hpp"
#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace semantrix::memcached {

/// What one server has under the store's prefix, by its crawler, over a connection of its own. A
/// server crawls for one client at a time: the others wait for their turn.
///
/// Errors: not_supported, where the server does not list its keys; those of connecting.
awaitable<Result<std::vector<memcache::DumpedKey>>> crawl(std::shared_ptr<Core> core,
                                                          std::shared_ptr<Node> server);

/// Removes all that the servers have under the prefix; how many entries that were.
awaitable<Result<std::size_t>> clear(std::shared_ptr<Core> core);

/// The store's keys in pages, one server after the other; of each server all keys under the prefix
/// are read before the first page, about 100 bytes each. Hashed keys are read from their records,
/// and entries that are about to end are looked at, since servers keep them for up to three seconds
/// more.
class KeyPages final : public KeyStream {
 public:
  KeyPages(std::shared_ptr<Core> core, const std::string& match)
      : core_(std::move(core)), glob_(match) {}

  awaitable<Result<Page>> do_next() override;

 private:
  awaitable<Result<void>> go_to_next_server();
  awaitable<Result<Page>> take_page();

  const std::shared_ptr<Core> core_;
  const Glob glob_;
  std::shared_ptr<const Servers::View> view_;  // null: not yet
  std::size_t next_server_ = 0;
  std::shared_ptr<Node> server_;  // null: between two
  std::vector<memcache::DumpedKey> dumped_;
  std::size_t next_key_ = 0;
};

}  // namespace semantrix::memcached
