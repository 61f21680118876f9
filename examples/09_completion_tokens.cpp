// Not a coroutine? Every verb takes a completion token instead: a callback, a future, `deferred`.
#include <semantrix/async.hpp>
#include <semantrix/in_memory_store.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>
#include <optional>

using Answer = semantrix::Result<std::optional<semantrix::Value>>;

int main() {
  semantrix::InMemoryStore store({.max_size = 1000});

  // A future, from a program without an event loop. Errors come as values, never as exceptions.
  const auto added =
      semantrix::async_add(store, "key1", "value1", {}, boost::asio::use_future).get();
  std::cout << "added: " << added.has_value() << '\n';

  // A callback, on the executor that it is bound to.
  boost::asio::io_context context;
  auto print = [](Answer answer) { std::cout << "found: " << answer.value()->view() << '\n'; };
  semantrix::async_get_exact(store, "key1", boost::asio::bind_executor(context, print));
  context.run();
}

//> added: 1
//> found: value1
