// A cache that outlives its process: saved on close, loaded on the next start.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

int main() {
  const auto folder =
      std::filesystem::temp_directory_path() / ("semantrix_example_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const semantrix::InMemoryOptions options{.max_size = 1000, .snapshot = folder / "answers"};
  {
    semantrix::BlockingStore store(std::make_shared<semantrix::InMemoryStore>(options));
    store.add("key1", "value1");
    store.close();  // writes the file: beside it first, then renamed
  }
  {
    semantrix::BlockingStore store(std::make_shared<semantrix::InMemoryStore>(options));
    std::cout << store.get_exact("key1").value().view() << '\n';
    store.close();
  }
  std::filesystem::remove_all(folder);
}

//> value1
