#include "stores/dynamodb/side_by_side.hpp"

#include "net/gather.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace semantrix::dynamodb {
namespace {

using boost::asio::awaitable;
using Part = std::function<awaitable<void>(std::size_t)>;

awaitable<void> work(std::size_t& next, std::size_t count, const Part& part) {
  while (next < count) {
    auto doing = part(next++);
    co_await std::move(doing);
  }
}

}  // namespace

awaitable<void> side_by_side(std::size_t count, std::size_t width, Part part) {
  if (count == 1) {
    auto doing = part(0);
    co_await std::move(doing);
    co_return;
  }
  std::size_t next = 0;
  std::vector<awaitable<void>> workers;
  for (std::size_t i = 0; i != std::min(count, width); ++i) {
    workers.push_back(work(next, count, part));
  }
  auto all = net::gather(std::move(workers));
  co_await std::move(all);
}

}  // namespace semantrix::dynamodb
