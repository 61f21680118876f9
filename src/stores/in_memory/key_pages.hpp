#pragma once

#include "stores/in_memory/state.hpp"

#include <memory>
#include <string>
#include <vector>

namespace semantrix {

/// The keys of an `InMemoryStore` in pages. All of them are listed when the first page is asked
/// for; what has left since is not shown on later ones. Shares the store's state, so that a cursor
/// whose store is gone is harmless.
class InMemoryStore::KeyPages final : public KeyStream {
 public:
  KeyPages(std::shared_ptr<State> state, std::string match)
      : state_(std::move(state)), match_(std::move(match)) {}

  std::optional<Result<Page>> probe_next() override;
  awaitable<Result<Page>> do_next() override;

 private:
  Page next_page();

  std::shared_ptr<State> state_;
  std::string match_;
  std::vector<std::string> keys_;
  std::size_t at_ = 0;
  bool listed_ = false;
};

}  // namespace semantrix
