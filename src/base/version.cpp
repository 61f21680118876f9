#include <semantrix/version.hpp>

namespace semantrix {

std::string_view version() noexcept { return SEMANTRIX_VERSION; }

}  // namespace semantrix
