#pragma once

#include "cloud/aws/credentials.hpp"
#include "support/played_surroundings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace semantrix::aws {

using Found = Result<std::optional<Credentials>>;
using testing::http_answer;
using testing::PlayedSurroundings;
using testing::PlayedTransport;

/// Runs to the end; the deadline of what it waits for must be shorter.
template <class T>
std::optional<T> run(boost::asio::awaitable<T> work) {
  boost::asio::io_context context;
  std::optional<T> result;
  boost::asio::co_spawn(context, std::move(work), [&](const std::exception_ptr& thrown, T value) {
    if (!thrown) result.emplace(std::move(value));
  });
  context.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(result.has_value()) << "it hangs, or threw";
  return result;
}

inline std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(5);
}

/// What a source says in such a world.
inline Found ask(CredentialsSource& source) {
  auto found = run(source.fetch(soon()));
  return found ? *found : Found(Error(ErrorCode::internal, "it hangs"));
}

}  // namespace semantrix::aws
