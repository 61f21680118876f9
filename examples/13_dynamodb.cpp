// DynamoDB: a durable cache in a table that the first add creates.
//
//   example_13_dynamodb                         credentials and region as AWS's own tools find them
//   example_13_dynamodb http://127.0.0.1:8000   a stand-in
#include <semantrix/blocking_store.hpp>
#include <semantrix/dynamodb_store.hpp>

#include <chrono>
#include <iostream>
#include <memory>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  semantrix::DynamoDBOptions options;
  options.table_name = "semantrix-example";
  if (argc > 1) {
    options.endpoint_url = argv[1];
    options.region_name = "us-west-2";
    options.access_key_id = "local";
    options.secret_access_key = "local";
  }
  options.consistent_read = true;  // what is read below was written a moment ago
  options.network.read_timeout = 2s;
  semantrix::BlockingStore store(std::make_shared<semantrix::DynamoDBCacheStore>(options));

  store.add("What is a cache?", "A shelf for answers.", {.ttl = 1h});
  const auto entry = store.get_entry("What is a cache?").value();
  std::cout << entry.value.view() << '\n';
  std::cout << "minutes left: "
            << std::chrono::ceil<std::chrono::minutes>(entry.ttl.value()).count() << '\n';

  // The table is the namespace: clearing all of it is asked for by name.
  std::cout << "removed: " << store.clear({.all = true}) << '\n';
}

//> A shelf for answers.
//> minutes left: 60
//> removed: 1
