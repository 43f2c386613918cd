package sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.cli.Main;
import sluice.data.Json;
import sluice.testing.Gadget;
import sluice.testing.LocalSpark;

/**
 * Columns, classes, categories, slices and a file whose names are SQL, Java, markup or signs that
 * turn the text around: a whole pipeline takes them for names, and a browser shows them so.
 */
@Tag("server")
final class HostileNamesTest {
  private static final String BACKTICK = "a`b";
  private static final String STATEMENT = "x'; DROP TABLE t; --";
  private static final String EXPRESSION = "${7*7}";
  private static final String REORDERED = "user\u202Etxt.exe";
  private static final String SCRIPT = "<script>document.title='pwned'</script>";
  private static final String IMAGE = "\"><img src=x onerror=window.pwned=1>";
  private static final String LABEL = "{{7*7}}</title><svg onload=window.pwned=1>";
  private static final String DERIVED = "*/ `d` \\";

  private static final List<String> NUMBERS =
      List.of(BACKTICK, STATEMENT, EXPRESSION, REORDERED, Gadget.PROGRAM);
  private static final List<String> COLUMNS =
      Stream.concat(NUMBERS.stream(), Stream.of(SCRIPT, IMAGE, LABEL)).toList();
  private static final List<String> CATEGORIES =
      List.of("' OR 1=1 --", "</script><script>window.pwned=1</script>", "=cmd|' /C calc'!A0");
  private static final List<String> CLASSES =
      List.of("'); DROP TABLE y; --", "<iframe srcdoc=\"<script>parent.pwned=1</script>\">");
  private static final String FILE = "\"><script>document.title='pwned'<";

  private static Path directory;
  private static Path page;
  private static Browser browser;

  @BeforeAll
  static void run(@TempDir Path temporary) throws IOException, InterruptedException {
    LocalSpark.session();
    directory = temporary.toRealPath();
    Files.writeString(directory.resolve(FILE + ".csv"), csv(COLUMNS, 240));
    Files.writeString(
        directory.resolve("new.csv"), csv(COLUMNS.subList(0, COLUMNS.size() - 1), 20));
    Path configuration = Files.writeString(directory.resolve("x.conf"), configuration());
    assertThat(Main.run("run", configuration.toString())).isZero();
    assertThat(Main.run("predict", configuration.toString())).isZero();
    page = written("report.html");
    browser = new Browser(Files.createDirectory(temporary.resolve("profile")));
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  private static String configuration() {
    String schema =
        COLUMNS.stream()
            .map(
                name ->
                    "`%s` %s"
                        .formatted(
                            name.replace("`", "``"), NUMBERS.contains(name) ? "DOUBLE" : "STRING"))
            .collect(Collectors.joining(", "));
    return """
    pipeline { name = small, seed = 3, runs-dir = %s }
    ingest {
      format = csv, path = %s, options { header = true, escape = "\\"" }
      schema = %s, max-quarantined = 0.05
    }
    clean.rules = [
      { type = reject-missing, columns = [%s] }
      { type = reject-outside, column = %s, max = 50 }
      { type = reject-unless-matching, column = %s, pattern = ".*[-tA]0?>?" }
      { type = derive, column = %s, expression = "`a``b` * 2", to = DOUBLE }
    ]
    split { stratify-by = %s, train = 0.6, validation = 0.2, test = 0.2 }
    normalise {
      label = { column = %s, type = class, positive = %s }
      features = [
        { columns = %s, steps = [standardise] }
        { columns = [%s], steps = [one-hot] }
      ]
    }
    model { type = mlp, hidden = [4] }
    train { epochs = 3, batch-size = 16, logical-workers = 2 }
    evaluate {
      slices = [%s], resamples = 50
      baselines = [majority, logistic-regression, gradient-boosted-trees]
    }
    explain { repeats = 2, max-rows = 40 }
    predict.source.path = %s
    """
        .formatted(
            quoted(directory.resolve("runs").toString()),
            quoted(directory.resolve(FILE + ".csv").toString()),
            quoted(schema),
            quoted(SCRIPT),
            quoted(STATEMENT),
            quoted(IMAGE),
            quoted(DERIVED),
            quoted(LABEL),
            quoted(LABEL),
            quoted(CLASSES.get(1)),
            Stream.concat(NUMBERS.stream(), Stream.of(DERIVED))
                .map(HostileNamesTest::quoted)
                .toList(),
            quoted(SCRIPT),
            quoted(IMAGE),
            quoted(directory.resolve("new.csv").toString()));
  }

  private static String quoted(String text) {
    return Json.write(text).strip();
  }

  private static String csv(List<String> columns, int rows) {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    lines.add(columns.stream().map(HostileNamesTest::cell).collect(Collectors.joining(",")));
    for (int i = 0; i < rows; i++) {
      List<String> cells =
          new ArrayList<>(
              IntStream.range(0, NUMBERS.size())
                  .mapToObj(n -> Double.toString(random.nextGaussian()))
                  .toList());
      // The first rows are turned away: a number too large, a category missing, a line too short.
      cells.set(1, i == 0 ? "99" : cells.get(1));
      cells.add(i == 1 ? "" : cell(CATEGORIES.get(i % 3)));
      cells.add(cell(CATEGORIES.get((i + 1) % 3)));
      cells.add(cell(CLASSES.get(i % 2)));
      lines.add(String.join(",", cells.subList(0, i == 2 ? 3 : columns.size())));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String cell(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  private static Path written(String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("runs"))) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  @Test
  void everyNameIsTheNameItWas() throws IOException {
    JsonNode metrics = Json.tree(Files.readString(written("metrics.json")), "metrics.json");
    assertThat(metrics.at("/label/column").asText()).isEqualTo(LABEL);
    assertThat(metrics.at("/label/positive").asText()).isEqualTo(CLASSES.get(1));
    assertThat(metrics.at("/slices").fieldNames()).toIterable().containsExactly(IMAGE);
    assertThat(metrics.at("/slices").get(IMAGE))
        .extracting(slice -> slice.get("value").asText())
        .containsExactlyInAnyOrderElementsOf(CATEGORIES);
    // The name that is a program, in Java, was never compiled.
    assertThat(Gadget.runs()).isZero();
    List<Row> scored =
        LocalSpark.session()
            .read()
            .parquet(written("scored").toString())
            .select("prediction")
            .distinct()
            .collectAsList();
    assertThat(scored).isNotEmpty().allMatch(row -> CLASSES.contains(row.getString(0)));
    assertThat(
            LocalSpark.session()
                .read()
                .parquet(written("clean").resolve(attempt("clean")).toString())
                .columns())
        .contains(COLUMNS.toArray(String[]::new))
        .contains(DERIVED);
  }

  private static String attempt(String stage) throws IOException {
    Path pointer = written(stage).resolve("_current.json");
    return Json.tree(Files.readString(pointer), pointer.toString()).get("attempt").asText();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void aBrowserShowsThemAndRunsNoneOfThem(String scheme) throws InterruptedException {
    browser.send(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.open(page);
    assertThat(browser.problems()).isEmpty();
    assertThat(browser.requests())
        .allMatch(url -> url.equals(page.toUri().toString()) || url.equals("data:,"));
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("small · Sluice report");
    assertThat(browser.evaluate("typeof window.pwned").asText()).isEqualTo("undefined");
    assertThat(browser.evaluate("document.querySelectorAll('img, iframe').length").asInt())
        .isZero();
    String text = browser.evaluate("document.body.textContent").asText();
    assertThat(text)
        .contains(BACKTICK, STATEMENT, EXPRESSION, SCRIPT, IMAGE, LABEL, DERIVED)
        .contains("user\uFFFDtxt.exe")
        .doesNotContain("\u202E")
        .contains(CATEGORIES)
        .contains(CLASSES);
  }

  /** The charts' tooltips are made by a library out of what it is given. */
  @Test
  void nothingRunsWhenChartsAreHoveredOver() throws InterruptedException {
    browser.open(page);
    browser.evaluate(
        """
        document.querySelectorAll('figure.chart .plot svg, figure.chart .plot svg *').forEach(part => {
          const box = part.getBoundingClientRect();
          for (const type of ['mousemove', 'mouseover', 'click']) {
            part.dispatchEvent(new MouseEvent(type, {
              bubbles: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }));
          }
        })""");
    assertThat(browser.evaluate("document.title").asText()).isEqualTo("small · Sluice report");
    assertThat(browser.evaluate("typeof window.pwned").asText()).isEqualTo("undefined");
    assertThat(browser.problems()).isEmpty();
  }
}
