package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.features.Element;
import sluice.text.Chinese;
import sluice.text.NGrams;
import sluice.text.Punctuation;
import sluice.text.Terms;
import sluice.text.WordTokeniser;

class FittedPreprocessingTest {

  /** One of everything that is saved. */
  static FittedPreprocessing everything(List<FittedLabel> labels) {
    List<FittedColumn> numbers =
        List.of(
            new FittedColumn(
                "x",
                FieldType.DOUBLE,
                Kind.NUMBER,
                List.of(
                    new FillNumber(-0.0),
                    new Clip(-Double.MAX_VALUE, 0.1 + 0.2),
                    new Log1p(),
                    new Scale(Double.MIN_VALUE, 1.0 / 3, false))),
            new FittedColumn(
                "when",
                FieldType.TIMESTAMP,
                Kind.TIME,
                List.of(
                    new DateParts(List.of(DatePart.DAY_OF_YEAR), List.of(DatePart.HOUR)),
                    new PerPositionStep(
                        List.of(new Scale(1, 2, false), new Scale(0, 1, true), new Clip(0, 1))))),
            new FittedColumn(
                "job",
                FieldType.STRING,
                Kind.TEXT,
                List.of(
                    new FillText("\"é\n\uD83D\uDE00"),
                    new FrequencyEncoder(List.of("a", "b"), List.of(1L, 5L), 6))));
    List<FittedColumn> oneHot =
        List.of(
            new FittedColumn(
                "job",
                FieldType.STRING,
                Kind.TEXT,
                List.of(
                    new Categories(
                        Element.ONE_HOT, Unseen.OTHER, List.of("", "a", "\uD83D\uDE00")))),
            new FittedColumn("n", FieldType.LONG, Kind.TEXT, List.of(new Hashing(12))));
    FittedColumn words =
        new FittedColumn(
            "job",
            FieldType.STRING,
            Kind.TEXT,
            List.of(
                new WordSeries(
                    new WordTokeniser(true, Punctuation.DROP, Chinese.CHARACTERS),
                    new Vocabulary(List.of("b", "\uD83D\uDE00", "a", "\"\n")))));
    FittedColumn nGrams =
        new FittedColumn(
            "job",
            FieldType.STRING,
            Kind.TEXT,
            List.of(
                new TfIdfVector(
                    new NGrams(
                        Terms.WORDS, true, Punctuation.DROP, Chinese.CHARACTERS, List.of(1, 2)),
                    true,
                    new NGramFrequencies(9, List.of("a", "b \uD83D\uDE00"), List.of(9L, 2L)))));
    return new FittedPreprocessing(
        new DatasetContract(
            List.of(
                new Field("x", FieldType.DOUBLE),
                new Field("when", FieldType.TIMESTAMP),
                new Field("job", FieldType.STRING),
                new Field("n", FieldType.LONG))),
        List.of(
            new FittedGroup("numbers", numbers),
            new FittedGroup("categories", oneHot),
            new FittedGroup("words", List.of(words)),
            new FittedGroup("n-grams", List.of(nGrams))),
        labels);
  }

  @Test
  void comesBackEqualToTheBit() {
    for (FittedLabel label :
        List.of(
            new TextLabel("t"),
            new NumberLabel("y", FieldType.FLOAT, 0.1, Double.MIN_VALUE),
            new ClassLabel("y", FieldType.INT, List.of("0", "1", "5"), List.of(1L, 2L, 3L), null),
            new ClassLabel("y", FieldType.STRING, List.of("a", "b"), List.of(1L, 2L), "a"))) {
      FittedPreprocessing fitted = everything(List.of(label));
      String json = Json.write(fitted);
      FittedPreprocessing read = Json.read(json, FittedPreprocessing.class, "bundle.json");
      assertThat(read).isEqualTo(fitted);
      assertThat(Json.write(read)).isEqualTo(json);
    }
    FittedPreprocessing unlabelled = everything(List.of());
    assertThat(Json.read(Json.write(unlabelled), FittedPreprocessing.class, "bundle.json"))
        .isEqualTo(unlabelled);
  }

  @Test
  void isSavedUnderTheTypesOfTheRegistry() {
    FittedGroup group =
        new FittedGroup(
            "age",
            List.of(
                new FittedColumn(
                    "age", FieldType.INT, Kind.NUMBER, List.of(new FillNumber(39), new Log1p()))));
    assertThat(Json.write(group))
        .isEqualTo(
            """
            {
              "name" : "age",
              "columns" : [ {
                "column" : "age",
                "type" : "INT",
                "entry" : "NUMBER",
                "steps" : [ {
                  "type" : "fill-number",
                  "number" : 39.0
                }, {
                  "type" : "log1p"
                } ]
              } ]
            }
            """);
  }

  /** Files of before have one label, which they do not list. */
  @Test
  void aFileWithOneLabelIsRead() {
    NumberLabel label = new NumberLabel("y", FieldType.FLOAT, 0.5, 2);
    String json = Json.write(everything(List.of(label)));
    String before = json.replaceAll("(?s)\"labels\" : \\[ (\\{[^}]*}) ]", "\"label\" : $1");
    assertThat(before).isNotEqualTo(json).contains("\"label\" : {");
    assertThat(read(before)).isEqualTo(everything(List.of(label)));
  }

  @Test
  void whatWasTamperedWithIsNamed() {
    String json = Json.write(everything(List.of()));
    assertThatThrownBy(() -> read(json.replace("\"fill-number\"", "\"java.lang.Runtime\"")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("bundle.json: not readable: Could not resolve type id")
        .hasMessageContaining("java.lang.Runtime");
    assertThatThrownBy(() -> read(json.replace("0.3333333333333333", "0")))
        .hasMessage(
            "bundle.json: not readable: scale: centre must be finite and scale finite and above 0,"
                + " got 4.9E-324 and 0.0");
    assertThatThrownBy(() -> read(json.replace("\"a\", \"\uD83D\uDE00\"", "\"a\", \"a\"")))
        .hasMessage(
            "bundle.json: not readable: categories: must be distinct and in the order of their"
                + " code points, got a before a");
    assertThatThrownBy(() -> read(json.replace("\"name\" : \"n\"", "\"name\" : \"m\"")))
        .hasMessageStartingWith(
            "bundle.json: not readable: group categories: column n must be bigint in the input");
  }

  private static FittedPreprocessing read(String json) {
    return Json.read(json, FittedPreprocessing.class, "bundle.json");
  }

  /** With a class path that is this code, Jackson, SLF4J and JSpecify. */
  @Test
  void readsAndAppliesWithoutSpark(@TempDir Path directory) throws Exception {
    Path saved = directory.resolve("preprocessing.json");
    Files.writeString(saved, Json.write(everything(List.of())));
    URL[] classPath =
        Stream.of(
                FittedPreprocessing.class,
                WithoutSpark.class,
                com.fasterxml.jackson.databind.ObjectMapper.class,
                com.fasterxml.jackson.core.JsonFactory.class,
                com.fasterxml.jackson.annotation.JsonTypeInfo.class,
                org.slf4j.Logger.class,
                org.jspecify.annotations.Nullable.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    try (URLClassLoader bare =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      assertThat(
              bare.loadClass(WithoutSpark.class.getName())
                  .getMethod("applied", String.class)
                  .invoke(null, saved.toString()))
          .isEqualTo(
              List.of(
                  "[0.7870928, 30.0, 0.0, 1.0, 0.16666667]",
                  "[1.0]",
                  "[2, 9]",
                  "[3]",
                  "[0]",
                  "when is missing and has no impute step; n is missing and has no impute step"));
    }
  }
}
