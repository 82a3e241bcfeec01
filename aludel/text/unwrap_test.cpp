#include "aludel/text/unwrap.h"

#include <gtest/gtest.h>

namespace aludel::text {
namespace {

TEST(Unwrap, JoinsTheLinesOfAParagraph) {
  EXPECT_EQ(unwrap("    The powerful design comes from the\n"
                   "\xC2\xA0\xC2\xA0 \xC2\xA0"
                   "operating system, i.e. from one\n"
                   "    with many users.\n\n"
                   "    Another paragraph.\n"),
            "The powerful design comes from the operating system, i.e. from one with many users.\n"
            "\nAnother paragraph.\n");
}

TEST(Unwrap, JoinsScriptsWithoutSpacesWithoutASpace) {
  EXPECT_EQ(unwrap("    我认为学习一个计算机系统，就像学习一\n    门新的外语。\n"),
            "我认为学习一个计算机系统，就像学习一门新的外语。\n");
}

TEST(Unwrap, LeavesHeadingsListsTablesAndCommandsAsLines) {
  EXPECT_EQ(unwrap("1. Heading\n"
                   "  * a first entry of a list, that is long\n"
                   "    and hangs under its mark\n"
                   "  * a second entry of this list of entries\n"
                   "  +--------+-----------------------------+\n"
                   "  | table  | with columns, which is as wide |\n"
                   "  | second | row of the table here, as wide |\n"
                   "  $ a command that is as wide as all lines\n"
                   "  $ another command\n"),
            "1. Heading\n"
            "* a first entry of a list, that is long and hangs under its mark\n"
            "* a second entry of this list of entries\n"
            "| table | with columns, which is as wide |\n"
            "| second | row of the table here, as wide |\n"
            "$ a command that is as wide as all lines\n"
            "$ another command\n");
}

TEST(Unwrap, LeavesShortLinesAndInvalidBytesAlone) {
  EXPECT_EQ(unwrap("床前明月光\n疑是地上霜\n\n\n a line that is far wider than a verse\n"),
            "床前明月光\n疑是地上霜\n\n\na line that is far wider than a verse\n");
  EXPECT_EQ(unwrap("\xFF\xFE"), "\xEF\xBF\xBD\xEF\xBF\xBD\n");
  EXPECT_EQ(unwrap(""), "");
}

}  // namespace
}  // namespace aludel::text
