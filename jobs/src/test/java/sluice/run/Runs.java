package sluice.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** Runs in a temporary directory, for tests. */
final class Runs {
  static final StageKey KEY = new StageKey(Map.of("files", "f".repeat(64)), "c1", 42, "v1");
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");

  private Runs() {}

  static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path("file://" + path);
  }

  static Path local(org.apache.hadoop.fs.Path path) {
    return Path.of(path.toUri().getPath());
  }

  static RunDirectory create(Path runsDir) {
    return RunDirectory.create(hadoop(runsDir), "bank", new Configuration());
  }

  static HeldRun hold(RunDirectory run) {
    return run.hold(RunSettings.DEFAULT, InstantSource.system());
  }

  static RunSettings keeping(int attempts) {
    return new RunSettings(attempts, Duration.ofSeconds(30));
  }

  /** Publishes one stage, or all of its group, with a file {@code part-0} of this text in each. */
  static Published publish(HeldRun held, Stage leader, StageKey key, String text) {
    try (Attempt attempt = held.begin(leader, key)) {
      return attempt.publish(fill(attempt, leader, text));
    }
  }

  static StageOutput[] fill(Attempt attempt, Stage leader, String text) {
    for (Stage stage : leader.group()) {
      write(local(attempt.path(stage)).resolve("part-0"), text);
    }
    return leader.group().stream()
        .map(stage -> StageOutput.of(stage, Map.of("rows", (long) text.length())))
        .toArray(StageOutput[]::new);
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String part(Published published) {
    return text(local(published.path()).resolve("part-0"));
  }

  static List<String> names(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Relative path to content, of every file below a directory. */
  static Map<String, String> tree(Path directory) {
    try (Stream<Path> walk = Files.walk(directory)) {
      Map<String, String> tree = new TreeMap<>();
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        tree.put(
            directory.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
