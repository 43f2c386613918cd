package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Screen screen(int columns) {
    return new Screen(
        new PrintWriter(out), new PrintWriter(err), columns, text -> text.replace("hush", "***"));
  }

  @Test
  void aResultAndAWarningComeAfterTheMovingLineIsGone() {
    Screen screen = screen(40);
    screen.move(List.of("clean", "0:01"));
    screen.print("clean hush");
    screen.move(List.of("split", "0:00"));
    screen.warn("warning: hush");
    screen.still();
    assertThat(out).hasToString("clean ***\n");
    assertThat(err)
        .hasToString(
            "\rclean  0:01"
                + "\r           \r"
                + "\rsplit  0:00"
                + "\r           \r"
                + "warning: ***\n");
  }

  @Test
  void aShorterLineCoversALongerOneAndPartsWithoutRoomAreLeftOut() {
    Screen screen = screen(20);
    screen.move(List.of("train", "half of it", "or not", "0:07"));
    screen.move(List.of("train"));
    screen.move(List.of("a name that is longer than the line"));
    assertThat(err)
        .hasToString("\rtrain  half of it" + "\rtrain            " + "\ra name that is long");
  }

  @Test
  void inAPipeNothingMoves() {
    Screen screen = screen(0);
    screen.move(List.of("clean", "0:01"));
    screen.print("clean");
    screen.still();
    assertThat(out).hasToString("clean\n");
    assertThat(err).hasToString("");
  }
}
