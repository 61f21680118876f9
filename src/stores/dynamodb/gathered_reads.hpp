#pragma once

#include "net/call.hpp"
#include "net/handled_call.hpp"
#include "net/read_buffer.hpp"
#include "protocol/dynamodb/item.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::dynamodb {

class Core;

/// What became of one read: the item, if there is one.
using ReadItem = Result<std::optional<Item>>;

/// Reads that come while several are under way wait until one of these has ended, and then leave
/// together as one BatchGetItem: under load a request, and its signature, serves many callers, and
/// a lone caller waits for nobody. Thread-safe.
class GatheredReads {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// A read under way. Ends with its scope; where the frame that holds it is destroyed with its
  /// executor, nobody is left to answer those who wait.
  class Slot {
   public:
    Slot(GatheredReads& reads, std::shared_ptr<Core> core)
        : reads_(reads), core_(std::move(core)), unwinding_(std::uncaught_exceptions()) {}
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot() {
      if (ended_ || std::uncaught_exceptions() > unwinding_) {
        reads_.go_on(core_);
      } else {
        reads_.orphan();
      }
    }
    void end() noexcept { ended_ = true; }

   private:
    GatheredReads& reads_;
    const std::shared_ptr<Core> core_;
    const int unwinding_;
    bool ended_ = false;
  };

  /// Whether a read may go alone; if so it makes a `Slot` at once.
  [[nodiscard]] bool may_go_alone();

  /// Waits for a batch that has the key, and gives what that read.
  [[nodiscard]] static boost::asio::awaitable<ReadItem> wait(std::shared_ptr<Core> core,
                                                             std::string wire_key,
                                                             TimePoint deadline);

 private:
  /// Reads that go alone side by side, and batches with them.
  static constexpr std::size_t most_under_way = 8;

  using Call = net::Call<ReadItem*>;
  struct Decoder {
    using Answer = std::optional<Item>;
    void take(ReadItem* const& read, const net::ReadBuffer& /*unused*/) { item = *read; }
    ReadItem answer() { return std::move(item); }
    ReadItem item = std::optional<Item>();
  };

  /// Completed once, by its batch or by being cancelled.
  struct Waiter {
    Waiter(Call* its_call, std::string key, TimePoint until)
        : wire_key(std::move(key)), deadline(until), call(its_call) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
      if (Call* left = call.exchange(nullptr)) left->drop();
    }
    void complete(const ReadItem& found);
    void cancel();
    const std::string wire_key;
    const TimePoint deadline;
    std::atomic<Call*> call;
  };
  using Batch = std::vector<std::shared_ptr<Waiter>>;

  template <class Token>
  static auto async_wait(std::shared_ptr<Core> core, std::string wire_key, TimePoint deadline,
                         Token&& token);
  void enlist(const std::shared_ptr<Core>& core, std::shared_ptr<Waiter> waiter);
  void go_on(const std::shared_ptr<Core>& core);
  void orphan() noexcept;
  static boost::asio::awaitable<void> run(std::shared_ptr<Core> core, Batch batch);

  std::mutex mutex_;
  std::size_t under_way_ = 0;
  std::deque<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace semantrix::dynamodb
