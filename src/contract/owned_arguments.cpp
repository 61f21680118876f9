#include "contract/checks.hpp"
#include <semantrix/detail/verbs.hpp>

#include <algorithm>
#include <utility>

namespace semantrix::detail {
namespace {

std::optional<Error> check_item(const Capability& capability, const BatchItem& item) {
  if (auto error = contract::check_key(capability, item.key)) return error;
  if (auto error = contract::check_value(capability, item.value)) return error;
  return contract::check_ttl(capability, item.ttl);
}

}  // namespace

CheckedBatch::CheckedBatch(const Capability& capability, std::vector<BatchItem> items)
    : items_(std::move(items)) {
  for (std::size_t index = 0; index != items_.size(); ++index) {
    if (auto error = check_item(capability, items_[index])) {
      refused_.push_back(BatchOutcome::Failure{index, std::move(*error)});
    }
  }
  if (refused_.empty()) return;
  std::vector<BatchItem> accepted;
  auto refused = refused_.begin();
  for (std::size_t index = 0; index != items_.size(); ++index) {
    if (refused != refused_.end() && refused->index == index) {
      if (refused->error.code() == ErrorCode::too_large &&
          contract::key_fits(capability, items_[index].key)) {
        contradicted_.push_back(std::move(items_[index].key));
      }
      ++refused;
    } else {
      accepted.push_back(std::move(items_[index]));
      positions_.push_back(index);
    }
  }
  items_ = std::move(accepted);
}

BatchOutcome CheckedBatch::complete(BatchOutcome outcome) const {
  if (refused_.empty()) return outcome;
  for (BatchOutcome::Failure& failure : outcome.failures) {
    failure.index = positions_[failure.index];
  }
  outcome.failures.insert(outcome.failures.end(), refused_.begin(), refused_.end());
  std::ranges::sort(outcome.failures, {}, &BatchOutcome::Failure::index);
  return outcome;
}

OwnedAddOptions::OwnedAddOptions(const AddOptions& options)
    : tags_(options.tags.begin(), options.tags.end()),
      views_(tags_.begin(), tags_.end()),
      options_{options.ttl, views_} {}

}  // namespace semantrix::detail
