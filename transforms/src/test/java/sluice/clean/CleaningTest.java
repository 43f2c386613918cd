package sluice.clean;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.Rule.At;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.data.SparkSchema;
import sluice.testing.LocalSpark;

class CleaningTest {
  private static final DatasetContract PEOPLE =
      new DatasetContract(
          List.of(
              new Field("age", FieldType.INT),
              new Field("job", FieldType.STRING),
              new Field("y", FieldType.STRING)));

  private static final List<Rule> RULES =
      List.of(
          new Trim(List.of()),
          new Missing(List.of("unknown"), List.of()),
          new DropDuplicates(List.of()),
          new RejectOutside("age", 17.0, 120.0, At.TRAINING),
          new Rename("y", "label"),
          new RejectMissing(List.of("label")));

  @Test
  void rowsAreKeptOrRejectedWithTheirReason() {
    AcceptedRejected split =
        new Cleaning(PEOPLE, RULES)
            .apply(
                table(
                    row("k5", 30, "clerk", "no"),
                    row("k4", 30, " clerk", "no "),
                    row("k3", 30, "unknown", "no"),
                    row("k2", 30, null, "no"),
                    row("k6", 10, "pupil", "no"),
                    row("k7", 10, "pupil", "no"),
                    row("k8", null, "smith", "yes"),
                    row("k9", 40, "smith", "unknown")));
    assertThat(sorted(split.accepted()))
        .containsExactly(
            row("k2", "file", 30, null, "no"),
            row("k4", "file", 30, "clerk", "no"),
            row("k8", "file", null, "smith", "yes"));
    assertThat(List.of(split.accepted().columns()))
        .containsExactly("_key", "_source", "age", "job", "label");
    assertThat(sorted(split.rejected()))
        .containsExactly(
            row("k3", "file", "rules[2] drop-duplicates", "duplicate of k2", 30, "unknown", "no"),
            row("k5", "file", "rules[2] drop-duplicates", "duplicate of k4", 30, "clerk", "no"),
            row(
                "k6",
                "file",
                "rules[3] reject-outside",
                "age: 10 is outside 17 to 120",
                10,
                "pupil",
                "no"),
            row("k7", "file", "rules[2] drop-duplicates", "duplicate of k6", 10, "pupil", "no"),
            row("k9", "file", "rules[5] reject-missing", "missing: label", 40, "smith", "unknown"));
    assertThat(List.of(split.rejected().columns()))
        .containsExactly("_key", "_source", "_rule", "_reason", "age", "job", "y");
  }

  @Test
  void aRejectedRowTellsForWhichColumns() {
    AcceptedRejected split =
        new Cleaning(
                PEOPLE,
                List.of(
                    new RejectMissing(List.of("age", "job")),
                    new RejectOutside("age", 17.0, 120.0, At.ALWAYS),
                    new RejectUnlessIn("job", List.of("smith: black")),
                    new RejectUnlabelled(List.of("y"))))
            .apply(
                table(
                    row("a", null, null, "no"),
                    row("b", 30, null, "no"),
                    row("c", 10, "smith: black", "no"),
                    row("d", 30, "a: b", "no"),
                    row("e", 30, "smith: black", null)));
    assertThat(
            sorted(
                split.rejected().select(col("_key"), col("_rule"), Cleaning.rejectedFor().as("c"))))
        .containsExactly(
            row("a", "rules[0] reject-missing", "age, job"),
            row("b", "rules[0] reject-missing", "job"),
            row("c", "rules[1] reject-outside", "age"),
            row("d", "rules[2] reject-unless-in", "job"),
            row("e", "normalise.label", "y"));
  }

  @Test
  void aRejectedRowIsNoDuplicate() {
    AcceptedRejected split =
        new Cleaning(
                PEOPLE,
                List.of(
                    new RejectUnlessIn("job", List.of("smith")),
                    new DropDuplicates(List.of("age"))))
            .apply(table(row("a", 1, "clerk", "no"), row("b", 1, "smith", "no")));
    assertThat(sorted(split.accepted())).containsExactly(row("b", "file", 1, "smith", "no"));
  }

  /** Accepted and rejected rows are the input, and the same ones, whatever the partitions. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void noRowIsLost(int partitions) {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(0, 3000, 1, 3)
            .selectExpr(
                "concat('k', lpad(cast(id as string), 5, '0')) as _key",
                "'file' as _source",
                "cast(nullif(id % 131, 7) as int) as age",
                "case id % 5 when 0 then ' clerk' when 1 then 'unknown' when 2 then null else"
                    + " 'smith' end as job",
                "if(id % 17 = 0, null, 'no') as y")
            .repartition(partitions);
    AcceptedRejected split = new Cleaning(PEOPLE, RULES).apply(rows);
    List<String> keys = new ArrayList<>();
    split.accepted().select("_key").collectAsList().forEach(row -> keys.add(row.getString(0)));
    long accepted = keys.size();
    split.rejected().select("_key").collectAsList().forEach(row -> keys.add(row.getString(0)));
    assertThat(keys).hasSize(3000).doesNotHaveDuplicates();
    assertThat(accepted).isBetween(300L, 1500L);
    assertThat(List.of(Digest.of(split.accepted(), "_key"), Digest.of(split.rejected(), "_key")))
        .containsExactly(ACCEPTED, REJECTED);
  }

  private static final String ACCEPTED =
      "edf5a9bb6348725d006715002ce5a4fcde70f03177e28c81d591f37a86a0d424";
  private static final String REJECTED =
      "be0d096161520cf2af85718278732a36157f3ccf3ff8cefab49c743c1f57e400";

  @ParameterizedTest
  @CsvSource({"0, constant", "5, constant", "5, null"})
  void degenerateTablesPass(int size, String kind) {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(size)
            .selectExpr(
                "concat('k', id) as _key",
                "'file' as _source",
                kind.equals("null") ? "cast(null as int) as age" : "20 as age",
                kind.equals("null") ? "cast(null as string) as job" : "'smith' as job",
                kind.equals("null") ? "cast(null as string) as y" : "'no' as y");
    AcceptedRejected split = new Cleaning(PEOPLE, RULES).apply(rows);
    boolean kept = size > 0 && !kind.equals("null");
    assertThat(split.accepted().count()).isEqualTo(kept ? 1 : 0);
    assertThat(split.rejected().count()).isEqualTo(kept ? size - 1 : size);
  }

  /** A row that is judged on stays where it is, and what equals it is not learned. */
  @Test
  void ofEqualRowsThatOfTheTestPartStays() {
    Dataset<Row> rows =
        LocalSpark.session()
            .sql(
                """
                select * from values ('a', 1, 'train'), ('b', 1, 'test'), ('c', 1, 'test'),
                  ('d', 2, 'train'), ('e', 2, 'validation'), ('f', 3, 'train'), ('g', 3, 'train')
                  as t(_key, age, _part)""")
            .selectExpr("_key", "'file' as _source", "_part", "age", "'j' as job", "'no' as y");
    AcceptedRejected split =
        new Cleaning(PEOPLE, List.of(new DropDuplicates(List.of()))).apply(rows);
    assertThat(sorted(split.accepted().select("_key", "_part")))
        .containsExactly(row("b", "test"), row("e", "validation"), row("f", "train"));
    assertThat(sorted(split.rejected().select("_key", "_part", "_reason")))
        .containsExactly(
            row("a", "train", "duplicate of b"),
            row("c", "test", "duplicate of b"),
            row("d", "train", "duplicate of e"),
            row("g", "train", "duplicate of f"));
  }

  @Test
  void noRulesKeepEveryRow() {
    AcceptedRejected split = new Cleaning(PEOPLE, List.of()).apply(table(row("k", 1, null, null)));
    assertThat(sorted(split.accepted())).containsExactly(row("k", "file", 1, null, null));
    assertThat(split.rejected().isEmpty()).isTrue();
  }

  /** The plan grows with the number of rules, not with its powers. */
  @Test
  void manyRulesOnOneColumn() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rules.add(new Trim(List.of()));
      rules.add(new Missing(List.of("v" + i), List.of()));
      rules.add(new RejectUnlessMatching("job", "[^" + (char) ('a' + i) + "]*"));
    }
    AcceptedRejected split =
        new Cleaning(PEOPLE, rules)
            .apply(table(row("k1", 1, " xyz ", "v3"), row("k2", 1, "xc", "no")));
    assertThat(sorted(split.accepted())).containsExactly(row("k1", "file", 1, "xyz", null));
    assertThat(sorted(split.rejected()))
        .containsExactly(
            row(
                "k2",
                "file",
                "rules[8] reject-unless-matching",
                "job: \"xc\" does not match [^c]*",
                1,
                "xc",
                "no"));
  }

  @Test
  void oneRecordWithoutSpark() {
    Cleaning cleaning = new Cleaning(PEOPLE, RULES).scoring();
    assertThat(cleaning.rules())
        .containsExactly(
            new Trim(List.of()),
            new Missing(List.of("unknown"), List.of()),
            new Rename("y", "label"),
            new RejectMissing(List.of("label")));
    assertThat(cleaning.apply(person(5, " unknown", "no")))
        .isEqualTo(new RuleOutcome.Kept(person(5, null, "no").renamed("y", "label")));
    assertThat(cleaning.apply(person(5, "smith", " ")))
        .isEqualTo(new RuleOutcome.Rejected("rules[3] reject-missing", "missing: label"));
  }

  @Test
  void scoringWithoutTheLabel() {
    Cleaning cleaning = new Cleaning(PEOPLE, RULES).scoring().without("label");
    assertThat(cleaning.input().names()).containsExactly("age", "job");
    assertThat(cleaning.outputContract().names()).containsExactly("age", "job");
    assertThat(cleaning.rules())
        .containsExactly(new Trim(List.of()), new Missing(List.of("unknown"), List.of()));
  }

  @Test
  void aDerivedLabelFallsAwayWithItsRule() {
    Cleaning cleaning =
        new Cleaning(
            PEOPLE,
            List.of(
                new Derive("old", "age > 60", "boolean"),
                new RejectMissing(List.of("old", "job"))));
    assertThat(cleaning.without("old"))
        .isEqualTo(new Cleaning(PEOPLE, List.of(new RejectMissing(List.of("job")))));
  }

  /** People with a column for each use that the network makes no use of. */
  private static final DatasetContract WIDE =
      SparkSchema.contract(
          StructType.fromDDL(
              "age int, job string, when string, born string, old string, spare double, note string"));

  @ParameterizedTest
  @MethodSource("narrowed")
  void noMoreColumnsThanItTakes(List<Rule> rules, List<String> input, List<Rule> left) {
    Cleaning cleaning = new Cleaning(WIDE, rules).narrowedTo(List.of("age"));
    assertThat(cleaning.input().names()).isEqualTo(input);
    assertThat(cleaning.rules()).isEqualTo(left);
    assertThat(cleaning.outputContract().names()).contains("age");
  }

  static Stream<Arguments> narrowed() {
    Trim all = new Trim(List.of());
    return Stream.of(
        Arguments.of(List.of(), List.of("age"), List.of()),
        // Only the split needs it, or nobody.
        Arguments.of(
            List.of(all, new Cast("when", "date"), new DropColumns(List.of("job", "note"))),
            List.of("age"),
            List.of(all)),
        Arguments.of(
            List.of(new RejectMissing(List.of("job")), new DropColumns(List.of("job", "note"))),
            List.of("age", "job"),
            List.of(new RejectMissing(List.of("job")), new DropColumns(List.of("job")))),
        Arguments.of(
            List.of(new RejectMissing(List.of())),
            WIDE.names(),
            List.of(new RejectMissing(List.of()))),
        // What a column is made of, and what is made of it.
        Arguments.of(
            List.of(
                new DropColumns(List.of("age")),
                new Rename("born", "birth"),
                new Derive("age", "2026 - birth", "int"),
                new Derive("more", "spare * 2", "double"),
                new Missing(List.of("0"), List.of("more", "age"))),
            List.of("born"),
            List.of(
                new Rename("born", "birth"),
                new Derive("age", "2026 - birth", "int"),
                new Missing(List.of("0"), List.of("age")))),
        Arguments.of(
            List.of(new Derive("age", "age + transform(array(spare), x -> x)[0]", "int")),
            List.of("age", "spare"),
            List.of(new Derive("age", "age + transform(array(spare), x -> x)[0]", "int"))),
        // What replaces a column that nobody needs afterwards is not computed.
        Arguments.of(
            List.of(
                new Derive("spare", "spare / 60 + old", "double"),
                new DropColumns(List.of("spare"))),
            List.of("age"),
            List.of()),
        Arguments.of(
            List.of(
                new RejectOutside("spare", 0.0, null),
                new Derive("spare", "cast(spare / 60 as string)", "string"),
                new Missing(List.of("0"), List.of("spare", "age")),
                new Rename("spare", "more"),
                new DropColumns(List.of("more", "note"))),
            List.of("age", "spare"),
            List.of(
                new RejectOutside("spare", 0.0, null),
                new DropColumns(List.of("spare")),
                new Missing(List.of("0"), List.of("age")))),
        Arguments.of(
            List.of(
                new Derive("spare", "old * 2", "double"), new RejectOutside("spare", 0.0, null)),
            List.of("age", "old"),
            List.of(
                new Derive("spare", "old * 2", "double"), new RejectOutside("spare", 0.0, null))),
        Arguments.of(
            List.of(new Rename("job", "trade"), new RejectUnlessIn("trade", List.of("clerk"))),
            List.of("age", "job"),
            List.of(new Rename("job", "trade"), new RejectUnlessIn("trade", List.of("clerk")))),
        Arguments.of(
            List.of(new Cast("old", "int"), new RejectOutside("old", 0.0, null)),
            List.of("age", "old"),
            List.of(new Cast("old", "int"), new RejectOutside("old", 0.0, null))));
  }

  @Test
  void derivedColumns() {
    Cleaning cleaning =
        new Cleaning(
            PEOPLE,
            List.of(
                new Derive("decade", "age div 10", "int"),
                new Derive("job", "upper(job)", "string")));
    assertThat(
            sorted(
                cleaning
                    .apply(table(row("a", 37, "clerk", null), row("b", null, "x", "y")))
                    .accepted()))
        .containsExactly(
            row("a", "file", 37, "CLERK", null, 3), row("b", "file", null, "X", "y", null));
    assertThat(cleaning.needsSpark(List.of("job"))).isTrue();
    assertThat(cleaning.needsSpark(List.of("decade"))).isTrue();
    assertThat(cleaning.needsSpark(List.of("age"))).isFalse();
    assertThat(new Cleaning(PEOPLE, RULES).needsSpark(PEOPLE.names())).isFalse();
    assertThatThrownBy(() -> cleaning.apply(person(37, "clerk", null)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "column decade is derived by Spark SQL (age div 10): this bundle cannot score without"
                + " Spark");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "age | tinyint | 1 | 300 is no tinyint",
        "cast(age as bigint) * 10000000 | int | 10000000 | 3000000000 is no int",
        "age * 10000000 | bigint | 10000000 | \"age * 10000000\" overflows",
        "coalesce(age + 2147483646, 0) | bigint | 2147483647 | \"coalesce(age + 2147483646, 0)\" overflows",
        "(age * 10000000) + (age * 10000000) | bigint | 20000000 | \"(age * 10000000) + (age * 10000000)\" overflows",
        "-2147483349 - age | int | -2147483350 | \"-2147483349 - age\" overflows",
        "-(-2147483348 - age) | int | 2147483349 | \"-(-2147483348 - age)\" overflows",
        "coalesce(age * 10000000, 0) + coalesce(age * 10000000, 0) | bigint | 20000000 | \"coalesce(age * 10000000, 0) + coalesce(age * 10000000, 0)\" overflows",
        "if(age > 1, 0, age + 2147483646) | int | 2147483647 | -",
        "job | double | 1.0 | \"a\" is no double",
        "job | boolean | true | \"a\" is no boolean",
        "age * 1e306 | double | 1.0E306 | -",
        "age * 1e37 | float | 1.0E37 | 3.0E39 is no float",
        "age * 1e17 | bigint | 100000000000000000 | 3.0E19 is no bigint",
        "age * 0.75 | tinyint | 0 | 225.00 is no tinyint",
        "cast(age * 10000000L as timestamp) | int | 10000000 | 2065-01-24T05:20:00Z is no int",
        "double('NaN') / (age - 1) | int | - | NaN is no int",
        "age / 0 | double | - | -",
        "age div 0 | int | - | -",
        "coalesce(600 div (age - 300), 7) | int | -2 | -",
        "coalesce(age % (age - 300), 7) | int | 1 | -",
        "coalesce(div(age, age - 300) + pmod(age, age - 300), 7) | int | 1 | -",
        "make_dt_interval(age * 2) div interval '1' day | int | 2 | -",
        "date '2024-01-31' + age | date | 2024-02-01 | -",
        "upper(job) | string | 1 | -"
      })
  void aDerivedValueThatDoesNotFitRejectsTheRow(
      String expression, String type, @Nullable String value, @Nullable String reason) {
    Cleaning cleaning = new Cleaning(PEOPLE, List.of(new Derive("x", expression, type)));
    // Of rows that are there when it plans Spark computes all, and generates no code.
    AcceptedRejected cleaned =
        cleaning.apply(
            table(row("a", 300, "a", null), row("b", null, null, null), row("c", 1, "1", null))
                .repartition(1));
    assertThat(cleaned.rejected().select("_key", "_rule", "_reason").collectAsList())
        .isEqualTo(
            reason == null ? List.of() : List.of(row("a", "rules[0] derive", "x: " + reason)));
    List<Row> accepted = sorted(cleaned.accepted());
    assertThat(
            accepted.stream()
                .filter(kept -> kept.<String>getAs("_key").equals("c"))
                .map(kept -> kept.get(kept.fieldIndex("x")))
                .map(kept -> kept == null ? null : kept.toString()))
        .containsExactly(value);
    assertThat(accepted.stream().filter(kept -> kept.<String>getAs("_key").equals("b"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "row_number() over (order by age) | expression must look at one row, got",
        "explode(array(1, 2)) | expression: [UNSUPPORTED_GENERATOR",
        "max(age) | expression must look at one row, got",
        "rand() | expression must give the same value each time, got",
        "nosuch + 1 | expression: [UNRESOLVED_COLUMN",
        "age + | expression: ",
      })
  void expressionsThatAreNotARowsOwn(String expression, String message) {
    Cleaning cleaning =
        new Cleaning(PEOPLE, List.of(new Trim(List.of()), new Derive("x", expression, "double")));
    assertThatThrownBy(() -> cleaning.apply(table(row("a", 37, "clerk", null))))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("rules[1] derive: " + message)
        .extracting(e -> ((InvalidInput) e).kind())
        .isEqualTo(InvalidInput.Kind.CONFIGURATION);
  }

  private static RawRecord person(
      @Nullable Integer age, @Nullable String job, @Nullable String label) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("age", age);
    values.put("job", job);
    values.put("y", label);
    return RawRecord.of(values);
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }

  private static Dataset<Row> table(Row... rows) {
    return LocalSpark.session()
        .createDataFrame(List.of(rows), StructType.fromDDL("_key string, " + PEOPLE.ddl()))
        .selectExpr("_key", "'file' as _source", "age", "job", "y");
  }

  private static List<Row> sorted(Dataset<Row> rows) {
    return rows.orderBy("_key").collectAsList();
  }
}
