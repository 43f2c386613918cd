package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StageLineTest {

  @Test
  void linesStandInColumns() {
    assertThat(
            Stream.of(
                    StageLine.made("ingest", 45_211, 3.94, List.of("0 quarantined")),
                    StageLine.made(
                        "normalise", 123_456_789, 1234.5, List.of("51 features", "a", "b")),
                    StageLine.made("explain", 2_000, 10.04, List.of("ten seconds")),
                    StageLine.made("evaluate", 6_781, 9999.9, List.of("and hours")),
                    StageLine.made("augment", 0, 0.04, List.of()),
                    StageLine.unchanged("train", 31_647, List.of("of 2026-11-01")))
                .flatMap(line -> line.lines().stream()))
        .containsExactly(
            "ingest         45,211 rows     3.9 s  0 quarantined",
            "normalise 123,456,789 rows  1234.5 s  51 features",
            "                                      a",
            "                                      b",
            "explain         2,000 rows    10.0 s  ten seconds",
            "evaluate        6,781 rows  9999.9 s  and hours",
            "augment             0 rows     0.0 s",
            "train          31,647 rows unchanged  of 2026-11-01");
  }
}
