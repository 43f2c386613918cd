package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.testing.LocalSpark;

/** What a run writes does not depend on the language and the time zone of the machine. */
class LocaleTest {
  private static final Pattern OTHER_DIGITS = Pattern.compile("[\\p{Nd}&&[^0-9]]");

  private static final String PIPELINE =
      """
      pipeline { name = run, seed = 7, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/data.csv", options { header = true }
        schema = "a DOUBLE, b INT, city STRING, at TIMESTAMP, y STRING", max-quarantined = 0.1
      }
      clean { rules = [trim, { type = reject-outside, column = b, max = 1000 }] }
      normalise {
        label { column = y, positive = TITLE }
        features = [
          { columns = [a, b], steps = [impute-median, standardise] }
          { columns = [city], steps = [one-hot] }
          { columns = [at], steps = [{ type = date-parts, parts = [hour, day], cyclic = [weekday] }, standardise] }
        ]
      }
      sufficiency.min-rows-per-feature = 0
      model { type = mlp, hidden = [4] }
      train { epochs = 2, batch-size = 16, logical-workers = 2, checkpoint.every = 2 }
      evaluate { baselines = [majority], slices = [city], resamples = 50 }
      explain { repeats = 2, max-rows = 20 }
      predict { source.path = "{dir}/data.csv", format = csv, keep = [] }
      """;

  private final Locale locale = Locale.getDefault();
  private final TimeZone zone = TimeZone.getDefault();

  @AfterEach
  void asItWas() {
    Locale.setDefault(locale);
    TimeZone.setDefault(zone);
  }

  @Test
  void theSameInPersia(@TempDir Path directory) throws IOException {
    LocalSpark.session();
    Map<String, String> here = made(directory, Locale.ROOT, "UTC");
    Map<String, String> there = made(directory, new Locale("fa", "IR"), "Asia/Tehran");
    assertThat(here).containsKeys("metrics.json", "importances.json", "parameters.bin");
    assertThat(there).isEqualTo(here);
  }

  /** What a run wrote that holds neither a time nor the name of an attempt. */
  private static Map<String, String> made(Path directory, Locale locale, String zone)
      throws IOException {
    Path data = directory.resolve("data.csv");
    StringBuilder csv = new StringBuilder("a,b,city,at,y\n");
    IntStream.range(0, 1400)
        .forEach(
            i ->
                csv.append(
                    "%s,%s,%s,%s,%s\n"
                        .formatted(
                            i * 37 % 100 / 7.0,
                            i % 50 == 0 ? "5000" : i % 60 == 0 ? "x" : Integer.toString(i % 9),
                            i % 2 == 0 ? "İzmir" : "IGDIR",
                            "2024-03-%s 2%s:30:00".formatted(10 + i % 20, i % 4),
                            i % 5 < 2 ? "TITLE" : "no")));
    Files.writeString(data, csv);
    Path conf =
        Files.writeString(
            directory.resolve("x.conf"), PIPELINE.replace("{dir}", directory.toString()));
    Locale.setDefault(locale);
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    List<String> out = CommandLine.out("run", conf.toString(), "--force");
    assertThat(String.join("\n", out)).doesNotContainPattern(OTHER_DIGITS).contains("1,4");
    Map<String, String> made = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory.resolve("runs"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".json") || name.endsWith(".html") || name.endsWith(".csv")) {
          String text = read(file);
          assertThat(text).as(file.toString()).doesNotContainPattern(OTHER_DIGITS);
        }
        boolean part = name.startsWith("part-") && name.endsWith(".csv");
        if (part
            || name.matches("metrics.json|importances.json|preprocessing.json|parameters.bin")) {
          made.put(
              part
                  ? "predictions of " + Objects.requireNonNull(file.getParent()).getFileName()
                  : name,
              read(file));
        }
      }
    }
    return made;
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
