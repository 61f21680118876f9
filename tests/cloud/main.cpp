#include "cloud_program.hpp"

#include <exception>
#include <iostream>
#include <span>
#include <string_view>

namespace {

int run(std::span<char*> arguments) {
  namespace program = semantrix::cloud_program;
  const std::string_view command = arguments.size() > 1 ? arguments[1] : "";
  if (command == "sign") return program::sign();
  if (arguments.size() > 2 && command == "credentials") return program::credentials(arguments[2]);
  if (arguments.size() > 2 && command == "endpoints") return program::endpoints(arguments[2]);
  std::cerr << "cloud_program sign | credentials FOLDER | endpoints FILE\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
