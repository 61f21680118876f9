#pragma once

#include "base/options.hpp"
#include <semantrix/open.hpp>

#include <array>
#include <cstddef>

namespace semantrix {

/// The page of a table of options: what `store_kinds` shows of it.
template <class Options, std::size_t count>
[[nodiscard]] constexpr std::array<UrlOption, count> url_options(
    const std::array<OptionEntry<Options>, count>& table) {
  std::array<UrlOption, count> page{};
  for (std::size_t i = 0; i < count; ++i) {
    page[i] = {table[i].name, table[i].kind, table[i].by_default, table[i].summary};
  }
  return page;
}

}  // namespace semantrix
