package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProgressTest {

  /** What is logged meanwhile. */
  private static final class Logged extends AbstractAppender {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Logged() {
      super("logged", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      lines.add(event.getMessage().getFormattedMessage());
    }
  }

  private final Logger logger = (Logger) LogManager.getLogger(Progress.class);
  private final Level level = logger.getLevel();
  private final Logged logged = new Logged();
  private final StringWriter shown = new StringWriter();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void listenNoMore() {
    logger.removeAppender(logged);
    logger.setLevel(level);
  }

  private Progress progress(int columns) {
    return new Progress(
        new Screen(new PrintWriter(shown), new PrintWriter(shown), columns, text -> text),
        () -> now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void theLogHasCountedWorkEveryFiveSeconds() {
    try (Progress progress = progress(0)) {
      progress.begin("train", "examples");
      for (int second = 1; second <= 12; second++) {
        pass(Duration.ofSeconds(1));
        progress.advance(second * 1000L, 20_000, "epoch " + second + " of 20", "loss 0.4312");
      }
      progress.end();
    }
    assertThat(logged.lines)
        .containsExactly(
            "train: 5,000 of 20,000 examples (25%), epoch 5 of 20, loss 0.4312, 1,000 examples/s",
            "train: 10,000 of 20,000 examples (50%), epoch 10 of 20, loss 0.4312,"
                + " 1,000 examples/s, at most 0:10 left",
            "train: 12,000 examples in 0:12, 1,000 examples/s");
    assertThat(shown).hasToString("");
  }

  @Test
  void aTotalThatNobodyKnowsGivesNoTimeLeft() {
    try (Progress progress = progress(0)) {
      progress.begin("ingest", "rows");
      pass(Duration.ofSeconds(10));
      progress.advance(1_234_567, 0);
      progress.end();
    }
    assertThat(logged.lines)
        .containsExactly(
            "ingest: 1,234,567 rows, 123,457 rows/s",
            "ingest: 1,234,567 rows in 0:10, 123,457 rows/s");
  }

  @Test
  void aStageBeginsAnew() {
    try (Progress progress = progress(0)) {
      progress.begin("clean", "rows");
      progress.advance(7, 0);
      pass(Duration.ofSeconds(3601));
      progress.end();
      progress.begin("split", "rows");
      pass(Duration.ofSeconds(61));
      progress.end();
      progress.end();
    }
    assertThat(logged.lines)
        .containsExactly("clean: 7 rows in 1:00:01, 0 rows/s", "split: 0 rows in 1:01");
  }

  @Test
  void theTerminalShowsWhatIsUnderWayAndThenNothing() {
    List<String> drawn = new ArrayList<>();
    try (Progress progress = progress(80)) {
      // The thread that draws sees the same, but this is when.
      progress.stage("clean");
      pass(Duration.ofSeconds(2));
      progress.doing("clean");
      progress.draw();
      drawn.add(last());
      progress.stage("evaluate");
      pass(Duration.ofSeconds(61));
      progress.doing("baseline gradient-boosted-trees");
      progress.draw();
      drawn.add(last());
      progress.begin("train", "examples");
      progress.draw();
      drawn.add(last());
      for (int second = 1; second <= 7; second++) {
        pass(Duration.ofSeconds(1));
        progress.advance(second * 1000L, 20_000, "epoch 1 of 2", "loss 0.4312");
        if (second == 1 || second == 7) {
          progress.draw();
          drawn.add(last());
        }
      }
    }
    assertThat(drawn)
        .containsExactly(
            "clean  0:02",
            "evaluate  1:01  baseline gradient-boosted-trees",
            "train  0:00",
            "train [#...................]   5%  epoch 1 of 2  loss 0.4312  1,000 examples/s",
            "train [#######.............]  35%  at most 0:13 left  epoch 1 of 2  loss 0.4312");
    assertThat(shown.toString()).as("the line is gone").matches("(?s).*\r +\r");
  }

  private String last() {
    String all = shown.toString();
    return all.substring(all.lastIndexOf('\r') + 1).stripTrailing();
  }

  @Test
  void manyThreadsMayTell() throws Exception {
    try (Progress progress = progress(0)) {
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
    }
    assertThat(logged.lines).containsExactly("train: 10 of 100 examples (10%), 2 examples/s");
  }
}
