package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TerminalTest {
  @Test
  void nothingMovesTheCursorOrReordersWhatFollows() {
    assertThat(Terminal.plain("a\u001B[2Jb\tc\nd\u009Be")).isEqualTo("a\u241B[2Jb\tc\nd\uFFFDe");
    assertThat(Terminal.plain("good \u202Egnp.exe\u202C \u2066x\u2069 \u05D0\u05D1 满意"))
        .isEqualTo("good \uFFFDgnp.exe\uFFFD \uFFFDx\uFFFD \u05D0\u05D1 满意");
  }
}
