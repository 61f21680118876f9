#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/run.hpp"

#include <string>
#include <vector>

int main(int count, char** arguments) {
  semantrix::cli::guard_standard_streams();
  semantrix::cli::install_signal_handlers();
  const int skipped = count > 0 ? 1 : 0;  // the program's name
  return semantrix::cli::run(std::vector<std::string>(arguments + skipped, arguments + count));
}
