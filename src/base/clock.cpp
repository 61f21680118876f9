#include <semantrix/clock.hpp>

namespace semantrix {
namespace {

template <class C>
std::chrono::milliseconds read() noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(C::now().time_since_epoch());
}

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::milliseconds steady_now() const noexcept override {
    return read<std::chrono::steady_clock>();
  }
  [[nodiscard]] std::chrono::milliseconds wall_now() const noexcept override {
    return read<std::chrono::system_clock>();
  }
};

}  // namespace

const std::shared_ptr<const Clock>& system_clock() {
  // Never destroyed: caches with static storage may read it while the process exits.
  static const auto& clock = *new std::shared_ptr<const Clock>(std::make_shared<SystemClock>());
  return clock;
}

}  // namespace semantrix
