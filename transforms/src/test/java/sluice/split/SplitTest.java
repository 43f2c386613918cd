package sluice.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.SparkSchema;
import sluice.split.SplitSettings.By;
import sluice.testing.LocalSpark;

class SplitTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("_key BINARY, `y.z` STRING, day DATE, part STRING, _source STRING");
  private static final DatasetContract CONTRACT = SparkSchema.contract(SCHEMA);
  private static final String[] PARTS = {"train", "Train ", "validation", "val", "dev", "test"};

  /** No row is lost or changed, and neither order nor partitions matter, whatever the rule. */
  @ParameterizedTest
  @EnumSource(By.class)
  void isAFunctionOfTheRowsAlone(By by) {
    SplitSettings settings = settings(by);
    List<Row> rows = rows(1_000, 5);
    Map<Row, String> expected = null;
    for (int partitions : new int[] {1, 2, 7}) {
      Collections.shuffle(rows, new Random(partitions));
      Dataset<Row> split =
          Split.apply(table(SCHEMA, rows).repartition(partitions), CONTRACT, settings, 42);
      boolean nullable = split.schema().apply("_part").nullable();
      assertThat(split.schema()).isEqualTo(SCHEMA.add("_part", "string", nullable));
      Map<Row, String> parts = new HashMap<>();
      for (Row row : split.collectAsList()) {
        Row before = RowFactory.create(text(row), row.get(1), row.get(2), row.get(3), row.get(4));
        assertThat(parts.put(before, row.getString(5))).isNull();
      }
      assertThat(parts.keySet())
          .isEqualTo(
              rows.stream()
                  .map(
                      row ->
                          RowFactory.create(
                              text(row), row.get(1), row.get(2), row.get(3), row.get(4)))
                  .collect(Collectors.toSet()));
      if (expected == null) {
        expected = parts;
      }
      assertThat(parts).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rankGivesExactSharesInEachStratum(long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    Map<String, Long> sizes = new TreeMap<>();
    // One stratum is above what a selection keeps, so that it takes a second scan.
    int[] strata = {1, 2, 3, 10, random.nextInt(500), 6_000 + random.nextInt(2_000)};
    for (int stratum = 0; stratum < strata.length; stratum++) {
      for (int i = 0; i < strata[stratum]; i++) {
        rows.add(row(stratum + "x" + i, stratum == 3 ? null : "s" + stratum, i, null));
      }
      sizes.put(stratum == 3 ? "null" : "s" + stratum, (long) strata[stratum]);
    }
    rows.add(row("text", "null", 0, null));
    SplitSettings settings = new SplitSettings(By.RANK, 0.6, 0.3, 0.1, "y.z", null);

    Map<String, Map<String, Long>> counts = new TreeMap<>();
    for (Row row : Split.apply(table(SCHEMA, rows), CONTRACT, settings, seed).collectAsList()) {
      String stratum = row.getString(1);
      if (!"null".equals(stratum)) {
        counts
            .computeIfAbsent(String.valueOf(stratum), s -> new TreeMap<>())
            .merge(row.getString(5), 1L, Long::sum);
      } else {
        // The text is a stratum of its own, of one row.
        assertThat(row.getString(5)).isEqualTo("train");
      }
    }

    Map<String, Map<String, Long>> expected = new TreeMap<>();
    sizes.forEach(
        (stratum, size) -> {
          Map<String, Long> parts = new TreeMap<>();
          settings
              .counts(size)
              .forEach(
                  (part, n) -> {
                    if (n > 0) {
                      parts.put(part.text(), n);
                    }
                  });
          if (!parts.isEmpty()) {
            expected.put(stratum, parts);
          }
        });
    assertThat(counts).isEqualTo(expected);
  }

  @Test
  void filesKeepTheirPartsAndValidationIsCutFromTrain() {
    List<Row> rows = rows(1000, 5);
    Dataset<Row> clean =
        table(SCHEMA, rows)
            .withColumn(
                "_part",
                when(col("day").lt(lit(LocalDate.of(2020, 5, 1))), "test").otherwise("train"));
    long test = clean.filter(col("_part").equalTo("test")).count();
    SplitSettings settings = new SplitSettings(By.AUTO, 0.7, 0.15, 0.15, null, null);
    Set<Part> given = Set.of(Part.TRAIN, Part.TEST);
    for (int partitions : new int[] {1, 2, 7}) {
      Dataset<Row> split =
          Split.ofFiles(clean.repartition(partitions), CONTRACT, settings, given, 5);
      long validation = Math.round(0.15 * (1000 - test));
      assertThat(Split.counts(split))
          .isEqualTo(
              Map.of(
                  Part.TRAIN,
                  1000 - test - validation,
                  Part.VALIDATION,
                  validation,
                  Part.TEST,
                  test));
      assertThat(
              split
                  .join(
                      clean.select(col("_key").as("k"), col("_part").as("p")),
                      col("k").equalTo(col("_key")))
                  .filter(col("p").equalTo("test").notEqual(col("_part").equalTo("test")))
                  .count())
          .isZero();
    }
    SplitSettings whole = new SplitSettings(By.AUTO, 0.8, 0, 0.2, null, null);
    assertThat(Split.counts(Split.ofFiles(clean, CONTRACT, whole, given, 5)))
        .isEqualTo(Map.of(Part.TRAIN, 1000 - test, Part.VALIDATION, 0L, Part.TEST, test));
    assertThatThrownBy(
            () ->
                Split.ofFiles(
                    clean, CONTRACT, settings, Set.of(Part.TRAIN, Part.VALIDATION, Part.TEST), 5))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "split: the validation part must have rows, got train %,d, validation 0, test %,d by the files of ingest.path"
                .formatted(1000 - test, test));
  }

  @Test
  void testRowsThatWereSeenAreCounted() {
    StructType schema = StructType.fromDDL("_key string, x int, _part string");
    List<Row> rows =
        List.of(
            RowFactory.create("a", 1, "train"),
            RowFactory.create("b", 1, "test"),
            RowFactory.create("c", 1, "test"),
            RowFactory.create("d", 2, "test"),
            RowFactory.create("e", 3, "validation"),
            RowFactory.create("f", 3, "test"));
    assertThat(Split.seenTestRows(table(schema, rows), List.of("x"))).isEqualTo(3);
    assertThat(Split.seenTestRows(table(schema, rows.subList(3, 5)), List.of("x"))).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"RANK", "HASH", "GROUP"})
  void equalRowsShareAPart(By by) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      for (int copy = 1; copy <= 3; copy++) {
        rows.add(row("%016x#%d".formatted(i, copy), null, i, null));
      }
    }
    Map<String, Set<String>> parts = new HashMap<>();
    for (Row row : Split.apply(table(SCHEMA, rows), CONTRACT, settings(by), 1).collectAsList()) {
      parts.computeIfAbsent(text(row).substring(0, 16), k -> new HashSet<>()).add(row.getString(5));
    }
    assertThat(parts).hasSize(300);
    assertThat(parts.values()).allMatch(set -> set.size() == 1);
  }

  @ParameterizedTest
  @EnumSource(names = {"RANK", "HASH", "GROUP"})
  void anotherSeedGivesAnotherSplit(By by) {
    List<Row> rows = rows(500, 5);
    assertThat(partByKey(rows, settings(by), 1)).isNotEqualTo(partByKey(rows, settings(by), 2));
  }

  @ParameterizedTest
  @EnumSource(names = {"HASH", "GROUP"})
  void rowsKeepTheirPartWhenOthersCome(By by) {
    List<Row> rows = rows(1_000, 6);
    Map<String, String> few = partByKey(rows.subList(0, 400), settings(by), 9);
    Map<String, String> many = partByKey(rows, settings(by), 9);
    assertThat(many).hasSize(1_000).containsAllEntriesOf(few);
  }

  @Test
  void hashKeepsTheSharesRoughly() {
    Map<String, Long> counts =
        partByKey(rows(10_000, 7), settings(By.HASH), 3).values().stream()
            .collect(Collectors.groupingBy(p -> p, Collectors.counting()));
    // Five standard deviations of a binomial count around 6,000, 2,500 and 1,500.
    assertThat(counts.get("train")).isBetween(5_755L, 6_245L);
    assertThat(counts.get("validation")).isBetween(2_283L, 2_717L);
    assertThat(counts.get("test")).isBetween(1_321L, 1_679L);
  }

  @Test
  void aShareOfNothingStaysEmpty() {
    List<Row> rows = rows(500, 8);
    SplitSettings noTest = new SplitSettings(By.HASH, 0.7, 0.3, 0, null, null);
    assertThat(partByKey(rows, noTest, 3).values()).containsOnly("train", "validation");
    SplitSettings all = new SplitSettings(By.HASH, 1, 0, 0, null, null);
    assertThat(partByKey(rows, all, 3).values()).containsOnly("train");
    SplitSettings noValidation = new SplitSettings(By.RANK, 0.7, 0, 0.3, null, null);
    assertThat(partByKey(rows, noValidation, 3).values())
        .containsOnly("train", "test")
        .filteredOn("train"::equals)
        .hasSize(350);
  }

  @Test
  void rowsOfAGroupShareAPart() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      rows.add(row("k" + i, i % 4 == 0 ? null : "g" + i % 100, i, null));
    }
    Map<String, Set<String>> parts = new HashMap<>();
    Set<String> ungrouped = new HashSet<>();
    for (Row row :
        Split.apply(table(SCHEMA, rows), CONTRACT, settings(By.GROUP), 5).collectAsList()) {
      if (row.getString(1) == null) {
        ungrouped.add(row.getString(5));
      } else {
        parts.computeIfAbsent(row.getString(1), g -> new HashSet<>()).add(row.getString(5));
      }
    }
    assertThat(parts).hasSize(75);
    assertThat(parts.values()).allMatch(set -> set.size() == 1);
    assertThat(ungrouped).containsExactlyInAnyOrder("train", "validation", "test");
  }

  /** Ten times, of which the seventh stands there twice: the pair stays together, in train. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "date",
        "timestamp",
        "timestamp_ntz",
        "int",
        "bigint",
        "smallint",
        "double",
        "float"
      })
  void timeTrainsOnTheEarliest(String type) {
    IntFunction<Object> time =
        i ->
            switch (type) {
              case "date" -> LocalDate.of(1970, 1, 1).plusDays(i);
              case "timestamp" -> Instant.ofEpochSecond(i * 1_000L);
              case "timestamp_ntz" -> LocalDateTime.of(1970, 1, 1, 0, 0).plusHours(i);
              case "int" -> i;
              case "bigint" -> i * 10_000_000_000L;
              case "smallint" -> (short) i;
              case "double" -> i / 4.0;
              default -> i / 4f;
            };
    StructType schema = StructType.fromDDL("_key BINARY, at " + type);
    List<Row> rows = new ArrayList<>();
    for (int i = -5; i < 5; i++) {
      rows.add(RowFactory.create(utf8("k" + i), time.apply(i)));
    }
    rows.add(RowFactory.create(utf8("again"), time.apply(1)));
    Collections.shuffle(rows, new Random(1));
    SplitSettings settings = new SplitSettings(By.TIME, 0.6, 0.2, 0.2, null, "at");

    Map<String, Set<String>> parts = new TreeMap<>();
    Dataset<Row> table = table(schema, rows);
    for (Row row : Split.apply(table, SparkSchema.contract(schema), settings, 5).collectAsList()) {
      parts.computeIfAbsent(row.getString(2), p -> new HashSet<>()).add(text(row));
    }
    assertThat(parts)
        .isEqualTo(
            Map.of(
                "train", Set.of("k-5", "k-4", "k-3", "k-2", "k-1", "k0", "k1", "again"),
                "validation", Set.of("k2"),
                "test", Set.of("k3", "k4")));
  }

  @Test
  void everyRowNeedsATime() {
    StructType schema = StructType.fromDDL("_key BINARY, at DOUBLE");
    List<Row> rows = new ArrayList<>();
    Double[] times = {1.0, null, Double.NaN, Double.POSITIVE_INFINITY, 2.0};
    for (int i = 0; i < times.length; i++) {
      rows.add(RowFactory.create(utf8("k" + i), times[i]));
    }
    assertInvalid(
        schema,
        rows,
        new SplitSettings(By.TIME, 0.5, 0, 0.5, null, "at"),
        "split.column: column at must hold a time in every row with split.by = time, got none"
            + " (null, NaN or infinite) in 3 of 5 rows");
  }

  @Test
  void aTimeIsNoText() {
    assertRefused(
        InvalidInput.Kind.CONFIGURATION,
        SCHEMA,
        rows(3, 1),
        new SplitSettings(By.TIME, 0.5, 0, 0.5, null, "part"),
        "split.column: column part must be a date, a timestamp or a number with split.by = time,"
            + " got string");
  }

  @ParameterizedTest
  @CsvSource({"RANK, stratify-by", "GROUP, column", "TIME, column", "COLUMN, column"})
  void namesAColumnThatIsNotThere(By by, String key) {
    SplitSettings settings =
        new SplitSettings(
            by, 0.5, 0, 0.5, by == By.RANK ? "nope" : null, by == By.RANK ? null : "nope");
    assertRefused(
        InvalidInput.Kind.CONFIGURATION,
        SCHEMA,
        rows(3, 1),
        settings,
        "split.%s: no column nope, there are [y.z, day, part]".formatted(key));
  }

  @Test
  void takesTheDatasOwnParts() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < PARTS.length; i++) {
      rows.add(row("k" + i, null, i, PARTS[i]));
    }
    assertThat(partByKey(rows, settings(By.COLUMN), 1))
        .isEqualTo(
            Map.of(
                "k0",
                "train",
                "k1",
                "train",
                "k2",
                "validation",
                "k3",
                "validation",
                "k4",
                "validation",
                "k5",
                "test"));
  }

  @Test
  void theDatasOwnValidationPartMayBeMissing() {
    List<Row> rows = List.of(row("a", null, 0, "train"), row("b", null, 0, "test"));
    assertThat(partByKey(rows, settings(By.COLUMN), 1))
        .isEqualTo(Map.of("a", "train", "b", "test"));
  }

  @Test
  void listsPartsItDoesNotKnow() {
    List<Row> rows = new ArrayList<>(rows(6, 1));
    for (int i = 0; i < 3; i++) {
      rows.add(row("u" + i, null, i, i == 0 ? null : "holdout"));
    }
    assertInvalid(
        SCHEMA,
        rows,
        settings(By.COLUMN),
        "split.column: column part must hold train, validation (or val, valid, dev) or test, got"
            + " \"holdout\" (2 rows), null (1 rows)");
  }

  @Test
  void listsTwentyOfManyUnknownParts() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(row("u" + i, null, i, "p" + (10 + i)));
    }
    assertThatThrownBy(() -> Split.apply(table(SCHEMA, rows), CONTRACT, settings(By.COLUMN), 1))
        .hasMessageContaining("got \"p10\" (1 rows), \"p11\" (1 rows)")
        .hasMessageEndingWith("\"p29\" (1 rows) and others");
  }

  @Test
  void refusesMoreStrataThanThereMayBe() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i <= Split.MAX_STRATA; i++) {
      rows.add(row("k" + i, "s" + i, 0, null));
    }
    assertInvalid(
        SCHEMA,
        rows,
        settings(By.RANK),
        "split.stratify-by: column y.z has more than 10,000 distinct values, must be at most"
            + " 10,000");
  }

  @Test
  void aPartWithoutRowsIsAnError() {
    assertInvalid(
        SCHEMA,
        rows(2, 1),
        new SplitSettings(By.RANK, 0.7, 0.15, 0.15, null, null),
        """
        split: the validation part must have rows, got train 2, validation 0, test 0 by split.by = rank with train = 0.7, validation = 0.15, test = 0.15
        split: the test part must have rows, got train 2, validation 0, test 0 by split.by = rank with train = 0.7, validation = 0.15, test = 0.15""");
    assertInvalid(
        SCHEMA,
        List.of(row("k", null, 0, "val")),
        settings(By.COLUMN),
        """
        split: the train part must have rows, got train 0, validation 1, test 0 by split.by = column with column = part
        split: the test part must have rows, got train 0, validation 1, test 0 by split.by = column with column = part""");
    assertInvalid(
        SCHEMA,
        List.of(),
        settings(By.NONE),
        "split: the train part must have rows, got train 0, validation 0, test 0 by split.by ="
            + " none");
  }

  @Test
  void noneTrainsAndTestsOnTheSameRows() {
    List<Row> rows = rows(10, 3);
    SplitSettings none = settings(By.NONE);
    Dataset<Row> split = Split.apply(table(SCHEMA, rows), CONTRACT, none, 1);
    assertThat(Split.counts(split))
        .isEqualTo(Map.of(Part.TRAIN, 10L, Part.VALIDATION, 0L, Part.TEST, 0L));
    Function<Part, List<Row>> without =
        part -> Split.rows(split, none, part).drop("_part").collectAsList();
    assertThat(without.apply(Part.TRAIN)).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(without.apply(Part.TEST)).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(without.apply(Part.VALIDATION)).isEmpty();
    assertThat(Split.rows(split, none, Part.TEST).select("_part").distinct().collectAsList())
        .containsExactly(RowFactory.create("test"));
  }

  @Test
  void partsAreDisjointAndWhole() {
    List<Row> rows = rows(100, 3);
    SplitSettings settings = settings(By.RANK);
    Dataset<Row> split = Split.apply(table(SCHEMA, rows), CONTRACT, settings, 1);
    List<Row> joined = new ArrayList<>();
    for (Part part : Part.values()) {
      Dataset<Row> own = Split.rows(split, settings, part);
      assertThat(own.filter(col("_part").notEqual(part.text())).count()).isZero();
      joined.addAll(own.drop("_part").collectAsList());
    }
    assertThat(joined).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static SplitSettings settings(By by) {
    String column =
        switch (by) {
          case GROUP -> "y.z";
          case TIME -> "day";
          case COLUMN -> "part";
          default -> null;
        };
    return new SplitSettings(by, 0.6, 0.25, 0.15, by == By.RANK ? "y.z" : null, column);
  }

  private static List<Row> rows(int size, int seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String stratum = random.nextInt(10) == 0 ? null : "s" + random.nextInt(40);
      rows.add(
          row(
              "%016x%016x#0".formatted(random.nextLong(), i),
              stratum,
              random.nextInt(300),
              PARTS[i % PARTS.length]));
    }
    return rows;
  }

  /** As short keys they are their own content. */
  private static byte[] utf8(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Row row) {
    return new String(row.<byte[]>getAs(0), StandardCharsets.UTF_8);
  }

  private static Row row(String key, @Nullable String y, int day, @Nullable String part) {
    return RowFactory.create(
        utf8(key), y, LocalDate.of(2020, 1, 1).plusDays(day), part, "file.csv");
  }

  private static Dataset<Row> table(StructType schema, List<Row> rows) {
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  private static Map<String, String> partByKey(List<Row> rows, SplitSettings settings, long seed) {
    return Split.apply(table(SCHEMA, rows), CONTRACT, settings, seed).collectAsList().stream()
        .collect(Collectors.toMap(row -> text(row), row -> row.getString(5)));
  }

  private static void assertInvalid(
      StructType schema, List<Row> rows, SplitSettings settings, String message) {
    assertRefused(InvalidInput.Kind.DATA, schema, rows, settings, message);
  }

  private static void assertRefused(
      InvalidInput.Kind kind,
      StructType schema,
      List<Row> rows,
      SplitSettings settings,
      String message) {
    assertThatThrownBy(
            () -> Split.apply(table(schema, rows), SparkSchema.contract(schema), settings, 1))
        .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessage(message);
  }
}
