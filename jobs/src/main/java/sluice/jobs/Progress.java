package sluice.jobs;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a user watches while a stage works: how much is done, the figures that matter, the rate and
 * the time left; a bar on a terminal, a plain line every few seconds otherwise. Thread-safe. What
 * is shown counts for nothing else: a ledger is read from committed files.
 */
public final class Progress {

  /** How progress is shown. */
  public enum Style {
    /** One line that is written over, up to five times a second. */
    BAR(Duration.ofMillis(200)),
    /** A line of its own every five seconds. */
    LINES(Duration.ofSeconds(5));

    private final Duration interval;

    Style(Duration interval) {
      this.interval = interval;
    }
  }

  private static final int CELLS = 20;

  private final PrintWriter out;
  private final Style style;
  private final int width;
  private final InstantSource clock;

  private String stage = "";
  private String unit = "";
  private long done;
  private Instant begun = Instant.EPOCH;
  private Instant shown = Instant.EPOCH;
  private int drawn;

  /**
   * @param out where it is shown
   * @param width the columns of the terminal, which a bar does not exceed
   * @param clock the time
   */
  public Progress(PrintWriter out, Style style, int width, InstantSource clock) {
    this.out = out;
    this.style = style;
    this.width = width;
    this.clock = clock;
  }

  /**
   * Begins a stage; nothing is shown before the first interval has passed.
   *
   * @param unit what is counted, as in {@code rows} or {@code examples}
   */
  public synchronized void begin(String stage, String unit) {
    this.stage = stage;
    this.unit = unit;
    done = 0;
    begun = clock.instant();
    shown = begun;
  }

  /**
   * Tells how far the stage is.
   *
   * @param done how many units are done since it began
   * @param total how many there are; 0 if nobody knows
   * @param figures more to show, as in {@code epoch 3 of 20} and {@code loss 0.4312}
   */
  public synchronized void advance(long done, long total, String... figures) {
    this.done = done;
    Instant now = clock.instant();
    if (Duration.between(shown, now).compareTo(style.interval) < 0) {
      return;
    }
    shown = now;
    if (style == Style.BAR) {
      draw(bar(total, figures));
    } else {
      out.println(stage + ": " + String.join(", ", line(total, figures)));
    }
    out.flush();
  }

  /** Ends the stage with a line of what was done in which time. */
  public synchronized void end() {
    draw("");
    out.println(
        "%s: %s in %s%s"
            .formatted(
                stage, amount(done), time(elapsedSeconds()), done == 0 ? "" : ", " + rate()));
    out.flush();
  }

  private List<String> line(long total, String... figures) {
    List<String> parts = new ArrayList<>();
    parts.add(
        total > 0
            ? "%s of %s (%d%%)".formatted(number(done), amount(total), percent(total))
            : amount(done));
    parts.addAll(List.of(figures));
    parts.add(rate());
    left(total, parts);
    return parts;
  }

  private String bar(long total, String... figures) {
    List<String> parts = new ArrayList<>();
    if (total > 0) {
      int full = CELLS * percent(total) / 100;
      parts.add(
          "%s [%s%s] %3d%%"
              .formatted(stage, "#".repeat(full), ".".repeat(CELLS - full), percent(total)));
    } else {
      parts.add(stage + " " + amount(done));
    }
    parts.addAll(List.of(figures));
    parts.add(rate());
    left(total, parts);
    return fitting(parts);
  }

  /** As many parts as there is room for; half a number would mislead. */
  private String fitting(List<String> parts) {
    StringBuilder text = new StringBuilder(parts.get(0));
    for (String part : parts.subList(1, parts.size())) {
      if (text.length() + 2 + part.length() < width) {
        text.append("  ").append(part);
      }
    }
    return text.substring(0, Math.min(text.length(), width - 1));
  }

  private void left(long total, List<String> parts) {
    if (total > 0 && done > 0) {
      double secondsEach = elapsedSeconds() / done;
      parts.add(time(secondsEach * Math.max(0, total - done)) + " left");
    }
  }

  /** Writes over the bar; one that is gone is blanked. */
  private void draw(String text) {
    if (style == Style.BAR) {
      out.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
      if (text.isEmpty()) {
        out.print("\r");
      }
      drawn = text.length();
    }
  }

  private int percent(long total) {
    return (int) Math.max(0, Math.min(100, Math.floor(100.0 * done / total)));
  }

  private String rate() {
    double seconds = elapsedSeconds();
    return (seconds > 0 ? number(Math.round(done / seconds)) : "0") + " " + unit + "/s";
  }

  private double elapsedSeconds() {
    return Math.max(0, Duration.between(begun, clock.instant()).toMillis()) / 1000.0;
  }

  private String amount(long count) {
    return number(count) + " " + unit;
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
