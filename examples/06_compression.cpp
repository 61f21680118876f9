// Long answers take less memory compressed; what does not shrink is kept as it is.
#include <semantrix/memory_cache.hpp>

#include <iostream>
#include <string>

int main() {
  semantrix::MemoryCache cache({.max_size = 1000, .compress_threshold = 1024});

  std::string prose;
  for (int line = 0; line < 100; ++line) {
    prose += "Paragraph " + std::to_string(line) + " says much the same as the one before it.\n";
  }
  (void)cache.add("prose", prose);
  (void)cache.add("short", "below the threshold");

  std::cout << "same bytes: " << (cache.get("prose")->view() == prose) << '\n';
  std::cout << "a quarter or less: " << (cache.bytes() * 4 < prose.size()) << '\n';
}

//> same bytes: 1
//> a quarter or less: 1
