package sluice.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.testing.LocalSpark;

class SmoteTest {

  /** Every example against neighbours that are found by sorting all distances of the class. */
  @ParameterizedTest
  @CsvSource({"1, 5, 30, 12, 7", "2, 1, 25, 9, 2", "3, 20, 40, 21, 11", "4, 3, 90, 60, 4"})
  void liesBetweenARowAndANeighbourOfItsClass(
      long seed, int neighbours, int no, int maybe, int yes) {
    List<Row> rows = Features.rows(seed, no, maybe, yes);
    List<Row> added =
        Features.added(Features.train(rows), seed, new Smote(neighbours, List.of("all"), 1.0));

    Map<Integer, List<Row>> classes = new TreeMap<>();
    rows.forEach(row -> classes.computeIfAbsent(row.getInt(2), l -> new ArrayList<>()).add(row));
    Map<Integer, Integer> counts = new TreeMap<>();
    Set<String> bases = new HashSet<>();
    Set<String> neighboursUsed = new HashSet<>();
    for (Row example : added) {
      counts.merge(example.getInt(2), 1, Integer::sum);
      List<Row> own = classes.getOrDefault(example.getInt(2), List.of());
      Row base =
          own.stream()
              .filter(row -> Features.key(row).equals(Features.sourceKey(example)))
              .findFirst()
              .orElseThrow();
      bases.add(Features.key(base));
      List<Row> nearest = nearest(base, own, neighbours);
      assertThat(Features.indices(example)).isEqualTo(majority(nearest));
      List<Row> towards =
          nearest.stream().filter(neighbour -> between(base, neighbour, example)).toList();
      assertThat(towards).isNotEmpty();
      towards.forEach(row -> neighboursUsed.add(Features.key(base) + Features.key(row)));
    }
    assertThat(counts).isEqualTo(Map.of(1, no - maybe, 2, no - yes));
    if (neighbours > 1) {
      assertThat(neighboursUsed).hasSizeGreaterThan(bases.size());
    }
  }

  /** Far from the rest and close together, two equal rows have only each other. */
  @Test
  void equalRowsStayWhereTheyAre() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      rows.add(row("m" + i, 0, 10f + i, 0));
    }
    rows.add(row("a", 1, 1.25f, 2));
    rows.add(row("b", 1, 1.25f, 2));
    List<Row> added = Features.added(train(rows), 1, new Smote(5, List.of("minority"), 1));
    assertThat(added)
        .extracting(row -> row.<Float>getList(3).get(0), row -> row.<Integer>getList(4).get(0))
        .containsOnly(tuple(1.25f, 2))
        .hasSize(4);
  }

  /** Two neighbours with a category each: the least index wins, for all examples. */
  @Test
  void atATieTheLeastCategoryWins() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      rows.add(row("m" + i, 0, 10f + i, 0));
    }
    rows.add(row("a", 1, 0f, 2));
    rows.add(row("b", 1, 1f, 1));
    rows.add(row("c", 1, 2f, 0));
    Map<String, Integer> categories = new TreeMap<>();
    for (Row row : Features.added(train(rows), 1, new Smote(2, List.of("yes"), 1))) {
      categories.put(
          new String(row.<byte[]>getAs(5), StandardCharsets.UTF_8), row.<Integer>getList(4).get(0));
    }
    assertThat(categories).isEqualTo(Map.of("a", 0, "b", 0, "c", 1));
  }

  @Test
  void aClassOfOneRowIsRefused() {
    assertThatThrownBy(
            () ->
                Features.added(
                    Features.train(Features.rows(1, 9, 1, 1)), 1, new Smote(5, List.of("all"), 1)))
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA))
        .hasMessage(
            """
            augment.steps[0]: smote needs at least 2 train rows of a class, class maybe has 1; use oversample for it
            augment.steps[0]: smote needs at least 2 train rows of a class, class yes has 1; use oversample for it""");
  }

  @Test
  void aClassTooLargeToCompareIsRefused() {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(0, 300_003)
            .selectExpr(
                "cast(cast(id AS STRING) AS BINARY) AS key",
                "'train' AS part",
                "if(id % 3 = 0, 1, 0) AS label",
                "array(cast(id AS FLOAT)) AS a",
                "array(1) AS b");
    assertThatThrownBy(
            () ->
                Features.added(
                    new TrainFeatures(rows, Features.schema(GROUPS, List.of("no", "yes"))),
                    1,
                    new Smote(5, List.of("yes"), 1)))
        .isInstanceOfSatisfying(
            InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA))
        .hasMessage(
            "augment.steps[0]: smote compares at most 100,000 train rows of a class, class yes has"
                + " 100,001; use oversample for it");
  }

  private static final StructType SCHEMA =
      StructType.fromDDL("key BINARY, part STRING, label INT, a ARRAY<FLOAT>, b ARRAY<INT>");
  private static final List<TensorSpec> GROUPS =
      List.of(Features.group("a", Element.FLOAT32, "x"), Features.group("b", Element.INDEX, "p"));

  private static TrainFeatures train(List<Row> rows) {
    return new TrainFeatures(
        Features.table(SCHEMA, rows), Features.schema(GROUPS, List.of("no", "yes")));
  }

  private static Row row(String key, int label, float number, int index) {
    return RowFactory.create(
        key.getBytes(StandardCharsets.UTF_8), "train", label, List.of(number), List.of(index));
  }

  private static List<Row> nearest(Row base, List<Row> own, int count) {
    double mismatch = medianDeviation(own);
    Map<String, Double> distances = new HashMap<>();
    for (Row row : own) {
      double sum = 0;
      double[] a = Features.numbers(base);
      double[] b = Features.numbers(row);
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
      }
      for (int i = 0; i < 2; i++) {
        if (!Features.indices(base).get(i).equals(Features.indices(row).get(i))) {
          sum += mismatch * mismatch;
        }
      }
      distances.put(Features.key(row), Math.sqrt(sum));
    }
    return own.stream()
        .filter(row -> !Features.key(row).equals(Features.key(base)))
        .sorted(
            Comparator.comparing((Row row) -> distances.getOrDefault(Features.key(row), 0.0))
                .thenComparing(row -> Features.key(row)))
        .limit(count)
        .toList();
  }

  /** Of three deviations the middle one. */
  private static double medianDeviation(List<Row> own) {
    double[] deviations = new double[3];
    for (int i = 0; i < 3; i++) {
      int at = i;
      double mean = own.stream().mapToDouble(r -> Features.numbers(r)[at]).average().orElseThrow();
      deviations[i] =
          Math.sqrt(
              own.stream()
                  .mapToDouble(r -> Math.pow(Features.numbers(r)[at] - mean, 2))
                  .average()
                  .orElseThrow());
    }
    Arrays.sort(deviations);
    return deviations[1];
  }

  private static List<Integer> majority(List<Row> nearest) {
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int[] counts = new int[3];
      for (Row row : nearest) {
        counts[Features.indices(row).get(i)]++;
      }
      int most = 0;
      for (int value = 1; value < 3; value++) {
        most = counts[value] > counts[most] ? value : most;
      }
      result.add(most);
    }
    return result;
  }

  private static boolean between(Row from, Row to, Row example) {
    double[] a = Features.numbers(from);
    double[] b = Features.numbers(to);
    double[] x = Features.numbers(example);
    double share = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      share += (x[i] - a[i]) * (b[i] - a[i]);
      length += (b[i] - a[i]) * (b[i] - a[i]);
    }
    share = length == 0 ? 0 : share / length;
    boolean on = share > -1e-6 && share < 1 + 1e-6;
    for (int i = 0; i < a.length; i++) {
      on &= Math.abs(a[i] + share * (b[i] - a[i]) - x[i]) < 1e-5;
    }
    return on;
  }
}
