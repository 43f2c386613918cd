package sluice.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How long work of a known amount still takes, by its speed of the last {@link #WINDOW}. What comes
 * first (compiling, reading) says nothing of what follows, so that no time is told before {@link
 * #SETTLED} has been worked since the first report, nor while the ends foreseen within the last
 * {@link #STEADY} lie further apart than a quarter of the time left.
 */
final class TimeLeft {
  static final Duration WINDOW = Duration.ofSeconds(15);
  static final Duration SETTLED = Duration.ofSeconds(5);
  static final Duration STEADY = Duration.ofSeconds(3);

  /** So few seconds apart are two ends always taken for the same. */
  private static final Duration SAME = Duration.ofSeconds(2);

  /** How often the speed is taken; more would only fill memory. */
  private static final Duration STEP = Duration.ofMillis(200);

  private record Report(Instant at, long done) {}

  private record Foreseen(Instant at, Instant end) {}

  private final Deque<Report> reports = new ArrayDeque<>();
  private final Deque<Foreseen> ends = new ArrayDeque<>();
  private Instant first = Instant.MAX;
  private boolean finished;

  /** Takes in that so much of the work is done. */
  void report(Instant now, long done, long total) {
    finished = done >= total;
    if (reports.isEmpty()) {
      first = now;
    } else if (Duration.between(reports.getLast().at(), now).compareTo(STEP) < 0) {
      return;
    }
    reports.add(new Report(now, done));
    while (Duration.between(reports.getFirst().at(), now).compareTo(WINDOW) > 0) {
      reports.removeFirst();
    }
    Report from = reports.getFirst();
    if (done > from.done()) {
      double each = (double) Duration.between(from.at(), now).toMillis() / (done - from.done());
      ends.add(new Foreseen(now, now.plusMillis(Math.round(each * Math.max(0, total - done)))));
    }
    while (!ends.isEmpty() && Duration.between(ends.getFirst().at(), now).compareTo(STEADY) > 0) {
      ends.removeFirst();
    }
  }

  /**
   * The time left; empty as long as it would be a guess, and when the end that was foreseen has
   * passed before the work was done.
   */
  Optional<Duration> at(Instant now) {
    if (ends.isEmpty() || now.isBefore(first.plus(SETTLED))) {
      return Optional.empty();
    }
    Instant end = ends.getLast().end();
    if (!finished && !end.isAfter(now)) {
      // It has come and the work goes on: nothing is known of what is left.
      return Optional.empty();
    }
    Instant earliest = Instant.MAX;
    Instant latest = Instant.MIN;
    for (Foreseen foreseen : ends) {
      earliest = foreseen.end().isBefore(earliest) ? foreseen.end() : earliest;
      latest = foreseen.end().isAfter(latest) ? foreseen.end() : latest;
    }
    Duration left = end.isAfter(now) ? Duration.between(now, end) : Duration.ZERO;
    Duration apart = Duration.between(earliest, latest);
    return apart.compareTo(SAME) <= 0 || apart.multipliedBy(4).compareTo(left) <= 0
        ? Optional.of(left)
        : Optional.empty();
  }
}
