package sluice.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.split.Part;
import sluice.split.SplitSettings;
import sluice.split.SplitSettings.By;

final class InexactSharesTest {

  private static SplitSettings settings(By by, @Nullable String stratify, @Nullable String column) {
    return new SplitSettings(by, 0.7, 0.15, 0.15, stratify, column);
  }

  private static Map<Part, Long> counts(long train, long validation, long test) {
    Map<Part, Long> counts = new EnumMap<>(Part.class);
    counts.put(Part.TRAIN, train);
    counts.put(Part.VALIDATION, validation);
    counts.put(Part.TEST, test);
    return counts;
  }

  private static long unasked() {
    throw new AssertionError("the strata need not be counted");
  }

  @Test
  void exactCountsNeedNoReason() {
    SplitSettings rank = settings(By.RANK, null, null);
    assertThat(InexactShares.inexact(rank, rank.counts(1001), InexactSharesTest::unasked))
        .isEmpty();
    assertThat(InexactShares.inexact(rank, counts(70, 15, 15), InexactSharesTest::unasked))
        .isEmpty();
  }

  @Test
  void whatStaysTogetherIsSaidWithTheSharesThatCame() {
    assertThat(InexactShares.inexact(settings(By.RANK, null, null), counts(80, 10, 10), () -> 1))
        .hasValue("equal rows stay together: 80 / 10 / 10 %, not 70 / 15 / 15 %");
    assertThat(InexactShares.inexact(settings(By.TIME, null, "t"), counts(701, 160, 139), () -> 1))
        .hasValue("rows of one time stay together: 70.1 / 16 / 13.9 %, not 70 / 15 / 15 %");
    assertThat(InexactShares.inexact(settings(By.GROUP, null, "g"), counts(10, 0, 10), () -> 1))
        .hasValue("groups stay whole: 50 / 0 / 50 %, not 70 / 15 / 15 %");
  }

  @Test
  void roundingInEachStratumIsNoReason() {
    SplitSettings stratified = settings(By.RANK, "label", null);
    assertThat(InexactShares.inexact(stratified, counts(73, 14, 13), () -> 4)).isEmpty();
    assertThat(InexactShares.inexact(stratified, counts(73, 14, 13), () -> 2))
        .isEqualTo(Optional.of("equal rows stay together: 73 / 14 / 13 %, not 70 / 15 / 15 %"));
  }

  @Test
  void aRuleThatPromisesNoSharesNeedsNoReason() {
    assertThat(
            InexactShares.inexact(
                settings(By.HASH, null, null), counts(68, 17, 15), InexactSharesTest::unasked))
        .isEmpty();
    assertThat(
            InexactShares.inexact(
                settings(By.COLUMN, null, "part"), counts(1, 1, 1), InexactSharesTest::unasked))
        .isEmpty();
    assertThat(
            InexactShares.inexact(
                settings(By.NONE, null, null), counts(4, 0, 0), InexactSharesTest::unasked))
        .isEmpty();
  }
}
