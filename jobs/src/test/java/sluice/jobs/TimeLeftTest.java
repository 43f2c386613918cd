package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

final class TimeLeftTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

  /** What is told each second, in seconds; -1 for nothing. */
  private static List<Long> told(long seconds, long total, LongUnaryOperator doneAfterMillis) {
    TimeLeft left = new TimeLeft();
    List<Long> told = new ArrayList<>();
    for (long millis = 0; millis <= seconds * 1000; millis += 250) {
      Instant now = BEGUN.plusMillis(millis);
      left.report(now, doneAfterMillis.applyAsLong(millis), total);
      if (millis % 1000 == 0) {
        told.add(left.at(now).map(Duration::toSeconds).orElse(-1L));
      }
    }
    return told;
  }

  @Test
  void atAnEvenSpeedItIsToldAfterFiveSecondsAndRight() {
    assertThat(told(8, 20_000, millis -> millis))
        .containsExactly(-1L, -1L, -1L, -1L, -1L, 15L, 14L, 13L, 12L);
  }

  @Test
  void aSlowBeginningIsNotTakenForTheWhole() {
    // 4 s at a hundredth of the speed, then 1,000 a second: 60,000 would look like an hour.
    assertThat(told(30, 60_000, millis -> millis < 4000 ? millis / 100 : 40 + (millis - 4000)))
        .allMatch(left -> left == -1 || left <= 90)
        .startsWith(-1L, -1L, -1L, -1L, -1L, -1L, -1L)
        .endsWith(35L, 34L, 33L);
  }

  @Test
  void nothingIsToldWhileTheSpeedKeepsChanging() {
    // Each 2 s three times as fast as the 2 s before.
    assertThat(told(9, 1_000_000, millis -> (long) (1000 * Math.pow(3, millis / 2000.0))))
        .containsOnly(-1L);
  }

  @Test
  void aPauseAtTheEndOfAnEpochShowsInTheEndForeseen() {
    // A second of validation after every 3 s of training, at which nothing is counted.
    List<Long> told =
        told(40, 90_000, millis -> millis / 4000 * 3000 + Math.min(3000, millis % 4000));
    assertThat(told.subList(16, 41))
        .as("120 s in all")
        .allMatch(left -> left == -1 || (left >= 60 && left <= 115));
    assertThat(told.get(40)).isBetween(75L, 85L);
  }

  @Test
  void workThatStandsStillHasNoEndForeseen() {
    TimeLeft left = new TimeLeft();
    for (long millis = 0; millis <= 8000; millis += 250) {
      left.report(BEGUN.plusMillis(millis), millis, 10_000);
    }
    assertThat(left.at(BEGUN.plusSeconds(9))).contains(Duration.ofSeconds(1));
    assertThat(left.at(BEGUN.plusSeconds(11))).isEmpty();
    assertThat(left.at(BEGUN.plusSeconds(600))).isEmpty();
  }

  @Test
  void workThatIsDoneHasNoTimeLeft() {
    assertThat(told(12, 10_000, millis -> millis)).endsWith(2L, 1L, 0L, 0L, 0L);
  }
}
