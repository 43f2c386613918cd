package sluice.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a user can watch while a stage works: on a terminal a line that moves, with the time that
 * has passed or, where the work is counted, how much is done, the figures that matter, the rate and
 * the time left; in the log the same of counted work, every few seconds. Thread-safe. What is shown
 * counts for nothing else: a ledger is read from committed files.
 */
public final class Progress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final Duration LOGGED = Duration.ofSeconds(5);
  private static final long DRAWN_MILLIS = 200;
  private static final int CELLS = 20;

  private final Screen screen;
  private final InstantSource clock;
  private final @Nullable Thread drawing;

  private String stage = "";
  private String doing = "";
  private Instant begun = Instant.EPOCH;
  private @Nullable Counting counting;

  /** Work of which the amount done is known. */
  private static final class Counting {
    private final String unit;
    private final Instant begun;
    private final TimeLeft left = new TimeLeft();
    private Instant logged;
    private long done;
    private long total;
    private List<String> figures = List.of();

    Counting(String unit, Instant begun) {
      this.unit = unit;
      this.begun = begun;
      this.logged = begun;
    }
  }

  /**
   * @param screen where it is shown
   * @param clock the time
   */
  public Progress(Screen screen, InstantSource clock) {
    this.screen = screen;
    this.clock = clock;
    this.drawing = screen.moves() ? new Thread(this::drawUntilClosed, "sluice-progress") : null;
    if (drawing != null) {
      drawing.setDaemon(true);
      drawing.start();
    }
  }

  /** Begins a stage, or ends the one before: nothing moves if the name is empty. */
  public synchronized void stage(String name) {
    stage = name;
    doing = "";
    begun = clock.instant();
    counting = null;
    if (name.isEmpty()) {
      screen.still();
    }
  }

  /** Tells what the stage is at, where its work is not counted. */
  public synchronized void doing(String what) {
    doing = what.equals(stage) ? "" : what;
  }

  /**
   * Begins to count.
   *
   * @param unit what is counted, as in {@code rows} or {@code examples}
   */
  public synchronized void begin(String name, String unit) {
    stage(name);
    counting = new Counting(unit, begun);
  }

  /**
   * Tells how far the stage is.
   *
   * @param done how many units are done since it began
   * @param total how many there are at most; 0 if nobody knows
   * @param figures more to show, as in {@code epoch 3 of 20} and {@code loss 0.4312}
   */
  public synchronized void advance(long done, long total, String... figures) {
    if (counting == null) {
      // Measuring for advice trains rounds too, and nobody counts them.
      return;
    }
    counting.done = done;
    counting.total = total;
    counting.figures = List.of(figures);
    Instant now = clock.instant();
    if (total > 0) {
      counting.left.report(now, done, total);
    }
    if (Duration.between(counting.logged, now).compareTo(LOGGED) >= 0) {
      counting.logged = now;
      LOG.info("{}: {}", stage, String.join(", ", line(counting, now)));
    }
  }

  /** Ends counting; the log has what was done in which time. */
  public synchronized void end() {
    if (counting != null) {
      Instant now = clock.instant();
      LOG.info(
          "{}: {} in {}{}",
          stage,
          amount(counting.done, counting),
          time(Duration.between(counting.begun, now)),
          counting.done == 0 ? "" : ", " + rate(counting, now));
      counting = null;
    }
  }

  /** Whether anybody watches. */
  boolean moves() {
    return screen.moves();
  }

  /** Prints a result on the screen. */
  void print(String line) {
    screen.print(line);
  }

  @Override
  public void close() {
    if (drawing != null) {
      drawing.interrupt();
    }
    stage("");
  }

  private void drawUntilClosed() {
    try {
      while (true) {
        Thread.sleep(DRAWN_MILLIS);
        draw();
      }
    } catch (InterruptedException closed) {
      // That is how it ends.
    }
  }

  /** Shows how things stand. */
  synchronized void draw() {
    if (!stage.isEmpty()) {
      Instant now = clock.instant();
      screen.move(counting == null ? passing(now) : counted(counting, now));
    }
  }

  private List<String> passing(Instant now) {
    List<String> parts = new ArrayList<>(List.of(stage, time(Duration.between(begun, now))));
    if (!doing.isEmpty()) {
      parts.add(doing);
    }
    return parts;
  }

  private List<String> counted(Counting work, Instant now) {
    if (work.done == 0) {
      return passing(now);
    }
    List<String> parts = new ArrayList<>();
    if (work.total > 0) {
      int full = CELLS * percent(work) / 100;
      parts.add(
          "%s [%s%s] %3d%%"
              .formatted(stage, "#".repeat(full), ".".repeat(CELLS - full), percent(work)));
      left(work, now, parts);
    } else {
      parts.add(stage + " " + amount(work.done, work));
    }
    parts.addAll(work.figures);
    parts.add(rate(work, now));
    return parts;
  }

  private List<String> line(Counting work, Instant now) {
    List<String> parts = new ArrayList<>();
    parts.add(
        work.total > 0
            ? "%s of %s (%d%%)"
                .formatted(number(work.done), amount(work.total, work), percent(work))
            : amount(work.done, work));
    parts.addAll(work.figures);
    parts.add(rate(work, now));
    left(work, now, parts);
    return parts;
  }

  private static void left(Counting work, Instant now, List<String> parts) {
    work.left.at(now).ifPresent(left -> parts.add("at most " + time(left) + " left"));
  }

  private static int percent(Counting work) {
    return (int) Math.max(0, Math.min(100, Math.floor(100.0 * work.done / work.total)));
  }

  private static String rate(Counting work, Instant now) {
    double seconds = Math.max(0, Duration.between(work.begun, now).toMillis()) / 1000.0;
    return (seconds > 0 ? number(Math.round(work.done / seconds)) : "0") + " " + work.unit + "/s";
  }

  private static String amount(long count, Counting work) {
    return number(count) + " " + work.unit;
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String time(Duration time) {
    long whole = Math.max(0, Math.round(time.toMillis() / 1000.0));
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
