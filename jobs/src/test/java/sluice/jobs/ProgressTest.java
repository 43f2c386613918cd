package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final StringWriter shown = new StringWriter();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private Progress progress(Progress.Style style, int width) {
    return new Progress(new PrintWriter(shown), style, width, () -> now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void linesComeEveryFiveSeconds() {
    Progress progress = progress(Progress.Style.LINES, 80);
    progress.begin("train", "examples");
    for (int second = 1; second <= 12; second++) {
      pass(Duration.ofSeconds(1));
      progress.advance(
          second * 1000L, 20_000, "epoch " + second + " of 20", "round 3", "loss 0.4312");
    }
    progress.end();
    assertThat(shown.toString().lines())
        .containsExactly(
            "train: 5,000 of 20,000 examples (25%), epoch 5 of 20, round 3, loss 0.4312,"
                + " 1,000 examples/s, 0:15 left",
            "train: 10,000 of 20,000 examples (50%), epoch 10 of 20, round 3, loss 0.4312,"
                + " 1,000 examples/s, 0:10 left",
            "train: 12,000 examples in 0:12, 1,000 examples/s");
  }

  @Test
  void aTotalThatNobodyKnowsGivesNoTimeLeft() {
    Progress progress = progress(Progress.Style.LINES, 80);
    progress.begin("ingest", "rows");
    pass(Duration.ofSeconds(10));
    progress.advance(1_234_567, 0);
    progress.end();
    assertThat(shown.toString().lines())
        .containsExactly(
            "ingest: 1,234,567 rows, 123,457 rows/s",
            "ingest: 1,234,567 rows in 0:10, 123,457 rows/s");
  }

  @Test
  void aStageBeginsAnew() {
    Progress progress = progress(Progress.Style.LINES, 80);
    progress.begin("clean", "rows");
    progress.advance(7, 0);
    pass(Duration.ofSeconds(3601));
    progress.end();
    progress.begin("split", "rows");
    pass(Duration.ofSeconds(61));
    progress.end();
    assertThat(shown.toString().lines())
        .containsExactly("clean: 7 rows in 1:00:01, 0 rows/s", "split: 0 rows in 1:01");
  }

  @Test
  void aBarIsWrittenOver() {
    Progress progress = progress(Progress.Style.BAR, 60);
    progress.begin("train", "rows");
    pass(Duration.ofMillis(100));
    progress.advance(1, 100);
    pass(Duration.ofMillis(900));
    progress.advance(25, 100, "loss 0.5");
    pass(Duration.ofSeconds(1));
    progress.advance(200, 100);
    progress.end();
    assertThat(shown)
        .hasToString(
            "\rtrain [#####...............]  25%  loss 0.5  25 rows/s"
                + "\rtrain [####################] 100%  100 rows/s  0:00 left"
                + "\r"
                + " ".repeat(56)
                + "\rtrain: 200 rows in 0:02, 100 rows/s\n");
  }

  @Test
  void manyThreadsMayTell() throws Exception {
    Progress progress = progress(Progress.Style.LINES, 80);
    progress.begin("train", "examples");
    pass(Duration.ofSeconds(5));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> told =
          IntStream.range(0, 100)
              .<Future<?>>mapToObj(i -> threads.submit(() -> progress.advance(10, 100)))
              .toList();
      for (Future<?> each : told) {
        each.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(shown.toString().lines())
        .containsExactly("train: 10 of 100 examples (10%), 2 examples/s, 0:45 left");
  }
}
