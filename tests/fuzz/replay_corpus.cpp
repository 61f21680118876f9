// Runs a fuzzer's entry point once for each file of the folders and files named on the command
// line: the corpus as an ordinary test, with any compiler.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(input), {});
  // A copy of exactly this size, so that the address sanitizer sees a read past the end.
  const std::vector<std::uint8_t> data(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(data.data(), data.size());
}

std::size_t run_all(const std::filesystem::path& place) {
  if (std::filesystem::is_regular_file(place)) {
    run(place);
    return 1;
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(place)) {
    if (!entry.is_regular_file()) continue;
    run(entry.path());
    ++files;
  }
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t files = 0;
  for (int index = 1; index < count; ++index) files += run_all(arguments[index]);
  std::printf("%zu inputs\n", files);
  return files == 0 ? 1 : 0;  // an empty corpus proves nothing
}
