// Google Memorystore: instances are found by name; no address, password or authority is typed.
//
//   example_14_memorystore PROJECT REGION            credentials as Google's own tools find them
//   example_14_memorystore PROJECT REGION http://…   a stand-in for Google's own interface
#include <semantrix/google_memorystore_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>
#include <string>

using semantrix::GoogleMemorystoreCacheStore;

semantrix::awaitable<void> use(std::string project_id, std::string region,
                               semantrix::GoogleAccess google) {
  const auto found =
      co_await GoogleMemorystoreCacheStore::list_instances(project_id, region, google);
  for (const auto& instance : found.instances) {
    std::cout << instance.instance_id << ": " << instance.state << '\n';
  }
  for (const auto& silent : found.unreachable) std::cout << silent << " did not answer\n";
  if (found.instances.empty()) co_return;

  semantrix::GoogleMemorystoreOptions options;
  options.project_id = project_id;
  options.region = region;
  options.instance_id = found.instances.front().instance_id;
  options.google = google;
  GoogleMemorystoreCacheStore store(options);
  co_await store.add("What is a cache?", "A shelf for answers.");
  const auto value = co_await store.get_exact("What is a cache?");
  std::cout << value.value().view() << '\n';
  co_await store.close();
}

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: example_14_memorystore PROJECT REGION [URL]\n";
    return 2;
  }
  semantrix::GoogleAccess google;
  if (argc > 3) {
    google.endpoint_url = argv[3];
    google.access_token = "played-token";
  }
  boost::asio::io_context context;
  auto done =
      boost::asio::co_spawn(context, use(argv[1], argv[2], google), boost::asio::use_future);
  context.run();
  done.get();  // throws what went wrong
}

//> semantrix-cache: READY
//> A shelf for answers.
