#include "base/glob.hpp"
#include "protocol/resp/glob_escape.hpp"

#include <gtest/gtest.h>

#include <string>

namespace semantrix::resp {
namespace {

TEST(RespGlobEscape, PutsABackslashBeforeEveryMark) {
  EXPECT_EQ(glob_escape("semantrix:"), "semantrix:");
  EXPECT_EQ(glob_escape("*?[]\\^-"), "\\*\\?\\[\\]\\\\\\^\\-");
  EXPECT_EQ(glob_escape("chat-[v1]*"), "chat\\-\\[v1\\]\\*");
  EXPECT_EQ(glob_escape(""), "");
}

TEST(RespGlobEscape, MatchesTheTextAlone) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_TRUE(Glob(glob_escape(all)).matches(all));
  for (const char* mark : {"*", "?", "[a]", "[^a]", "a-b", "\\a"}) {
    EXPECT_TRUE(Glob(glob_escape(mark)).matches(mark));
    EXPECT_FALSE(Glob(glob_escape(mark)).matches("a"));
  }
}

}  // namespace
}  // namespace semantrix::resp
