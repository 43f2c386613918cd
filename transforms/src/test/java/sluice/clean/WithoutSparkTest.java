package sluice.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.clean.Rule.At;
import sluice.clean.text.C4Quality;
import sluice.clean.text.C4Quality.Lines;
import sluice.clean.text.MaskPersonal;
import sluice.clean.text.MaskPersonal.Kind;
import sluice.clean.text.NormaliseText;
import sluice.clean.text.NormaliseText.Controls;
import sluice.clean.text.NormaliseText.Form;
import sluice.clean.text.NormaliseText.Spaces;
import sluice.clean.text.RejectLanguage;
import sluice.clean.text.RejectLength;
import sluice.clean.text.RejectLength.Unit;
import sluice.clean.text.RejectQuality;
import sluice.clean.text.StripHtml;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.data.RowKey;

/** A bundle's rules are read and applied where there is no Spark, nor Scala, on the class path. */
class WithoutSparkTest {
  private static final String JOB = "a smith who works at the forge every morning";

  @Test
  void rulesAreReadAndApplied() throws Exception {
    DatasetContract contract =
        new DatasetContract(
            List.of(
                new Field("age", FieldType.STRING),
                new Field("job", FieldType.STRING),
                new Field("x", FieldType.DOUBLE)));
    Cleaning cleaning =
        new Cleaning(
            contract,
            List.of(
                new Trim(List.of()),
                new Missing(List.of("unknown", "-1"), List.of()),
                new RejectUnlessMatching("age", "[0-9]+"),
                new Cast("age", "int"),
                new RejectOutside("age", 17.0, null),
                new NormaliseText(
                    List.of("job"), Form.NFC, Spaces.COLLAPSE, Controls.REMOVE, At.ALWAYS),
                new StripHtml(List.of("job"), At.ALWAYS),
                new MaskPersonal(List.of("job"), List.of(Kind.MAIL), At.ALWAYS),
                new RejectLength(List.of("job"), 9, 9, Unit.WORDS, At.ALWAYS),
                new RejectLanguage("job", List.of("en"), 0.5, At.ALWAYS),
                new RejectQuality("job", new C4Quality(1, 1, Lines.DROP), At.TRAINING),
                new RejectUnlessIn("job", List.of(JOB)),
                new RejectMissing(List.of("x")),
                new Rename("job", "trade"),
                new DropColumns(List.of("x")),
                new Derive("spare", "upper(trade)", "string"),
                new DropDuplicates(List.of())));
    ClassLoader bare = new WithoutSpark();
    Object said =
        bare.loadClass(Scoring.class.getName())
            .getMethod("score", String.class)
            .invoke(null, Json.write(cleaning));
    assertThat(said)
        .isEqualTo(
            List.of(
                "Kept[record={age=20, trade=%s}] of ".formatted(JOB)
                    + RowKey.text(RowKey.of(record(" 20"), keyColumns())),
                "Rejected[rule=rules[2] reject-unless-matching, reason=age: \"2o\" does not match"
                    + " [0-9]+] of "
                    + RowKey.text(RowKey.of(record("2o"), keyColumns())),
                "no Spark"));
  }

  private static List<String> keyColumns() {
    return List.of("age", "job", "x");
  }

  private static RawRecord record(String age) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("age", age);
    values.put("job", "<p>\u200b" + JOB + "</p>");
    values.put("x", 0.5);
    return RawRecord.of(values);
  }

  /** What runs without Spark. */
  public static final class Scoring {
    private Scoring() {}

    public static List<String> score(String json) {
      Cleaning all = Json.read(json, Cleaning.class, "rules.json").scoring();
      // To derive what nobody needs takes no Spark, and neither does the question.
      List<String> outputs = List.of("age", "trade");
      if (all.needsSpark(outputs) || !all.needsSpark(List.of("spare"))) {
        throw new IllegalStateException("the columns of " + json);
      }
      Cleaning cleaning = all.narrowedTo(outputs);
      String written = Json.write(cleaning);
      Cleaning again = Json.read(written, Cleaning.class, "rules.json");
      Stream<String> outcomes =
          Stream.of(" 20", "2o")
              .map(
                  age ->
                      again.apply(record(age))
                          + " of "
                          + RowKey.text(RowKey.of(record(age), keyColumns())));
      String spark;
      try {
        spark = Class.forName("org.apache.spark.sql.Column").getName();
      } catch (ClassNotFoundException e) {
        spark = "no Spark";
      }
      return Stream.concat(outcomes, Stream.of(spark)).toList();
    }
  }

  /** Loads Sluice and the libraries of its rules anew; beside them there is only the JDK. */
  private static final class WithoutSpark extends URLClassLoader {
    WithoutSpark() {
      super(
          Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
              .filter(
                  entry ->
                      entry.endsWith("classes")
                          || entry.contains("jackson-core")
                          || entry.contains("jackson-databind")
                          || entry.contains("jackson-annotations")
                          || entry.contains("jspecify")
                          || entry.contains("jsoup")
                          || entry.contains("opennlp")
                          || entry.contains("slf4j-api"))
              .map(entry -> url(java.nio.file.Path.of(entry).toUri()))
              .toArray(URL[]::new),
          ClassLoader.getPlatformClassLoader());
    }

    private static URL url(URI uri) {
      try {
        return uri.toURL();
      } catch (java.net.MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
