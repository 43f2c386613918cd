package sluice.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import sluice.jobs.Screen;

/**
 * Where the log of a job goes. If the system property {@code sluice.log} is {@code file}, as {@code
 * scripts/sluice} sets it for a run in its own process, that is a file which {@link #keepIn} names
 * as soon as the run is held, and memory before; the screen then gets the warnings and errors of
 * Sluice's own code alone. Otherwise the log goes where Log4j's configuration says.
 */
final class RunLog implements AutoCloseable {
  private static final String PROPERTY = "sluice.log";
  private static final String FILE = "file";
  private static final String OWN = "sluice.";
  private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss'Z'}{UTC} %-5p %c{1}: %m%n%xEx";

  /** Marks what a job failed with: the screen has that from whoever catches it. */
  static final Marker FAILURE = MarkerFactory.getMarker("FAILURE");

  private final @Nullable Lines lines;
  private final Map<String, Appender> before;

  private RunLog(@Nullable Lines lines, Map<String, Appender> before) {
    this.lines = lines;
    this.before = before;
  }

  /**
   * Begins to collect what is logged, if that is asked for.
   *
   * @param shown what becomes of a text before it is written or shown
   */
  static RunLog begin(Screen screen, UnaryOperator<String> shown) {
    if (!FILE.equals(System.getProperty(PROPERTY))) {
      return new RunLog(null, Map.of());
    }
    LoggerConfig root = root();
    Map<String, Appender> before = Map.copyOf(root.getAppenders());
    before.keySet().forEach(root::removeAppender);
    Lines lines = new Lines(screen, shown);
    lines.start();
    root.addAppender(lines, null, null);
    return new RunLog(lines, before);
  }

  /**
   * Writes what was logged so far, and then what is logged further, to a file.
   *
   * @param file makes it, if one is asked for
   */
  void keepIn(Supplier<Path> file) {
    if (lines != null) {
      lines.keepIn(file.get());
    }
  }

  /** The file; empty if the log goes elsewhere, or if none was named yet. */
  Optional<Path> file() {
    return lines == null ? Optional.empty() : Optional.ofNullable(lines.file);
  }

  /** The file; one in the directory of temporary files if none was named yet. */
  Optional<Path> fileAnyway() {
    if (lines != null && lines.file == null) {
      try {
        lines.keepIn(Files.createTempFile("sluice-", ".txt"));
      } catch (IOException e) {
        // There is a failure to be told already, and this is not it.
        return Optional.empty();
      }
    }
    return file();
  }

  /** The log goes again where it went before. */
  @Override
  public void close() {
    if (lines != null) {
      LoggerConfig root = root();
      root.removeAppender(lines.getName());
      before.values().forEach(appender -> root.addAppender(appender, null, null));
      lines.end();
    }
  }

  private static LoggerConfig root() {
    return LoggerContext.getContext(false).getConfiguration().getRootLogger();
  }

  /** Writes each line at once: a process may be killed at any moment. */
  private static final class Lines extends AbstractAppender {
    private final Screen screen;
    private final UnaryOperator<String> shown;
    private final StringBuilder waiting = new StringBuilder();
    private @Nullable BufferedWriter writer;
    private volatile @Nullable Path file;

    Lines(Screen screen, UnaryOperator<String> shown) {
      super(
          "run",
          null,
          PatternLayout.newBuilder()
              .withPattern(PATTERN)
              .withCharset(StandardCharsets.UTF_8)
              .withAlwaysWriteExceptions(false)
              .build(),
          true,
          Property.EMPTY_ARRAY);
      this.screen = screen;
      this.shown = shown;
    }

    @Override
    public void append(LogEvent event) {
      write(shown.apply(new String(getLayout().toByteArray(event), StandardCharsets.UTF_8)));
      boolean failure =
          event.getMarker() != null && event.getMarker().isInstanceOf(FAILURE.getName());
      if (!failure
          && event.getLevel().isMoreSpecificThan(Level.WARN)
          && event.getLoggerName().startsWith(OWN)) {
        screen.warn(
            (event.getLevel().equals(Level.WARN) ? "warning: " : "error: ")
                + event.getMessage().getFormattedMessage());
      }
    }

    private synchronized void write(String text) {
      if (writer == null && file != null) {
        return;
      }
      waiting.append(text);
      if (writer == null) {
        return;
      }
      try {
        writer.append(waiting);
        writer.flush();
        waiting.setLength(0);
      } catch (IOException e) {
        // A log that cannot be written must not end a run that can go on.
        end();
        screen.warn("warning: %s: nothing more can be logged: %s".formatted(file, e.getMessage()));
      }
    }

    synchronized void keepIn(Path path) {
      try {
        writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + path, e);
      }
      file = path;
      write("");
    }

    synchronized void end() {
      BufferedWriter ending = writer;
      writer = null;
      if (ending != null) {
        try {
          ending.close();
        } catch (IOException e) {
          // Each line was written when it came.
        }
      }
    }
  }
}
