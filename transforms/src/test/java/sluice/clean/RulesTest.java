package sluice.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.clean.Rule.At;
import sluice.clean.text.C4Quality;
import sluice.clean.text.C4Quality.Lines;
import sluice.clean.text.GopherQuality;
import sluice.clean.text.GopherQuality.LineBounds;
import sluice.clean.text.GopherQuality.WordBounds;
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
import sluice.clean.text.Repetition;
import sluice.clean.text.StripHtml;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.testing.LocalSpark;

class RulesTest {
  private static final DatasetContract ALL_TYPES =
      new DatasetContract(
          Arrays.stream(FieldType.values())
              .map(type -> new Field("c." + type.ddl(), type))
              .toList());

  /** Types that do not judge each row by itself, or only with Spark; they have tests elsewhere. */
  private static final List<String> OTHERS =
      List.of("derive", "drop-duplicates", "drop-near-duplicates");

  /** For each type the values at which rules go wrong. */
  private static final Map<FieldType, List<Object>> EDGES =
      Map.ofEntries(
          Map.entry(FieldType.BOOLEAN, List.of(true, false)),
          Map.entry(FieldType.BYTE, List.of((byte) 0, (byte) 1, Byte.MIN_VALUE, Byte.MAX_VALUE)),
          Map.entry(
              FieldType.SHORT, List.of((short) 0, (short) -1, Short.MIN_VALUE, Short.MAX_VALUE)),
          Map.entry(FieldType.INT, List.of(0, 1, -1, 17, Integer.MIN_VALUE, Integer.MAX_VALUE)),
          Map.entry(
              FieldType.LONG, List.of(0L, -1L, (1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE)),
          Map.entry(
              FieldType.FLOAT,
              List.of(
                  0f,
                  -0f,
                  1f,
                  0.1f,
                  Float.NaN,
                  Float.MIN_VALUE,
                  Float.MAX_VALUE,
                  3e9f,
                  Float.POSITIVE_INFINITY,
                  Float.NEGATIVE_INFINITY)),
          Map.entry(
              FieldType.DOUBLE,
              List.of(
                  0d,
                  -0d,
                  1d,
                  -1d,
                  0.1,
                  17.5,
                  1e300,
                  Double.NaN,
                  Double.MIN_VALUE,
                  Double.MAX_VALUE,
                  Double.POSITIVE_INFINITY,
                  Double.NEGATIVE_INFINITY)),
          Map.entry(
              FieldType.STRING,
              List.of(
                  "",
                  " ",
                  "\t\n\r",
                  "unknown",
                  " unknown ",
                  "\u00a0x\u3000",
                  "\ufeffx\u2028",
                  "ä",
                  "\ud83d\ude00",
                  "0",
                  "-1",
                  "1",
                  "+7",
                  "3.0",
                  "3.5",
                  "3e2",
                  "1,5",
                  "1.234,5",
                  "1\u202f234",
                  "1e400",
                  "-.5",
                  "5.",
                  "1d",
                  "0x10",
                  "NaN",
                  "inf",
                  "-Infinity",
                  "true",
                  "No",
                  "t",
                  "2147483648",
                  "9223372036854775807",
                  "128",
                  "2024-02-29",
                  "2023-02-29",
                  "2024-02-29 12:00:00",
                  "2024-02-29T12:00:00.123456Z",
                  "2024-02-29T12:00:00+02:00",
                  "2024-02-29T12:00:00.123456789",
                  "+999999999-12-31",
                  "a\nb",
                  "\u0000",
                  "x".repeat(99) + "\ud83d\ude00",
                  "x".repeat(5000))),
          Map.entry(
              FieldType.DATE,
              List.of(LocalDate.EPOCH, LocalDate.of(2024, 2, 29), LocalDate.of(1, 1, 1))),
          Map.entry(
              FieldType.TIMESTAMP,
              List.of(
                  Instant.EPOCH,
                  Instant.parse("2024-02-29T12:00:00.123456Z"),
                  Instant.parse("1899-12-31T23:59:59.999999Z"))),
          Map.entry(
              FieldType.TIMESTAMP_NTZ,
              List.of(
                  LocalDateTime.of(1970, 1, 1, 0, 0),
                  LocalDateTime.of(2024, 2, 29, 12, 0, 0, 123_456_000))),
          Map.entry(FieldType.BINARY, List.of(new byte[0], new byte[] {0, -1, 49})));

  static Stream<Arguments> rules() {
    List<Rule> rules = new ArrayList<>();
    rules.add(new Trim(List.of()));
    rules.add(new Trim(List.of("c.string")));
    rules.add(new Missing(List.of("unknown", "-1", "0", "NaN", "", "2024-02-29"), List.of()));
    rules.add(new Missing(List.of("1e0"), List.of("c.int", "c.double")));
    rules.add(new DropColumns(List.of("c.string", "c.double")));
    rules.add(new Rename("c.string", "a `strange` name."));
    rules.add(new RejectMissing(List.of()));
    rules.add(new RejectMissing(List.of("c.float", "c.string")));
    for (Field field : ALL_TYPES.fields()) {
      for (FieldType to : FieldType.values()) {
        if (Values.convertible(field.type(), to)) {
          rules.add(new Cast(field.name(), to.ddl()));
        }
      }
      rules.add(new RejectMissing(List.of(field.name())));
      if (field.type().isNumber()) {
        rules.add(new RejectOutside(field.name(), 0.0, 17.0));
        rules.add(new RejectOutside(field.name(), -0.5, null));
        rules.add(new RejectOutside(field.name(), null, 1e10));
        rules.add(new RejectUnlessIn(field.name(), List.of("0", "1", "17.0")));
      }
    }
    rules.add(new Cast("c.string", "double", ",", null, At.ALWAYS));
    rules.add(new Cast("c.string", "double", ",", ".", At.ALWAYS));
    rules.add(new Cast("c.string", "int", null, " ", At.ALWAYS));
    rules.add(new RejectUnlessIn("c.double", List.of("NaN", "-Infinity", "0")));
    rules.add(new RejectUnlessIn("c.string", List.of("unknown", "", " ")));
    rules.add(
        new RejectUnlessIn(
            "c.string", List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")));
    rules.add(new RejectUnlessIn("c.boolean", List.of("yes")));
    rules.add(new RejectUnlessIn("c.timestamp", List.of("1970-01-01")));
    rules.add(new RejectUnlessMatching("c.string", "[a-z]+|\\s*"));
    rules.add(new RejectUnlessMatching("c.string", "(?x) . # one character"));
    rules.add(new RejectUnlessMatching("c.string", ".*$"));
    rules.addAll(textRules());
    return rules.stream().map(rule -> Arguments.of(rule));
  }

  private static List<Rule> textRules() {
    GopherQuality gopher =
        new GopherQuality(
            new WordBounds(1, 10, 1, 9, 0.1, 0.8, List.of("x"), 0),
            new LineBounds(0.9, 0.3),
            new Repetition(
                0.3, 0.3, 0.2, 0.2, List.of(0.2, 0.2, 0.2), List.of(0.2, 0.2, 0.2, 0.2, 0.2, 0.2)));
    return List.of(
        new NormaliseText(List.of(), Form.NFKC, Spaces.COLLAPSE, Controls.REMOVE, At.ALWAYS),
        new NormaliseText(List.of("c.string"), Form.NONE, Spaces.LINES, Controls.KEEP, At.TRAINING),
        new StripHtml(List.of(), At.ALWAYS),
        new StripHtml(List.of("c.string"), At.TRAINING),
        new MaskPersonal(List.of(), List.of(Kind.values()), At.ALWAYS),
        new MaskPersonal(List.of("c.string"), List.of(Kind.PHONE), At.TRAINING),
        new RejectLength(List.of("c.string"), 1, null, Unit.CHARACTERS, At.ALWAYS),
        new RejectLength(List.of("c.string"), null, 1, Unit.WORDS, At.ALWAYS),
        new RejectLanguage("c.string", List.of("en", "zh"), 0.1, At.ALWAYS),
        new RejectQuality("c.string", new C4Quality(1, 1, Lines.DROP), At.ALWAYS),
        new RejectQuality("c.string", gopher, At.ALWAYS));
  }

  /**
   * Both faces of every rule, over every edge value and null, say and do the same. Spark sees the
   * rules of a type in one job.
   */
  @ParameterizedTest
  @MethodSource("types")
  void facesAgree(String type) {
    List<RawRecord> records = edgeRecords(3);
    List<RowRule> ofType =
        rules()
            .map(arguments -> (Rule) arguments.get()[0])
            .filter(rule -> Rules.TYPES.name(rule).equals(type))
            .map(RowRule.class::cast)
            .toList();
    List<Column> columns = new ArrayList<>();
    for (RowRule rule : ofType) {
      columns.add(rule.rejection(ALL_TYPES));
      Map<String, Column> changes = rule.changes(ALL_TYPES);
      for (Field field : rule.outputOf(ALL_TYPES).fields()) {
        Column changed = changes.get(field.name());
        columns.add(changed == null ? Columns.named(field.name()) : changed);
      }
    }
    List<Row> rows =
        table(ALL_TYPES, records).select(columns.toArray(Column[]::new)).collectAsList();
    for (int i = 0; i < records.size(); i++) {
      RawRecord record = records.get(i);
      int at = 0;
      for (RowRule rule : ofType) {
        List<String> names = rule.outputOf(ALL_TYPES).names();
        String rejection = rule.rejection(record);
        assertThat(rows.get(i).get(at++)).as("%s of %s", rule, record).isEqualTo(rejection);
        RawRecord changed = rejection == null ? rule.change(record) : record;
        assertThat(rejection == null ? List.copyOf(changed.columns()) : names).isEqualTo(names);
        for (String name : names) {
          Object value = rows.get(i).get(at++);
          if (rejection == null) {
            assertThat(value)
                .as("%s of %s by %s", name, record, rule)
                .isEqualTo(changed.value(name));
          }
        }
      }
    }
  }

  static Stream<String> types() {
    return Rules.TYPES.names().stream().filter(type -> !OTHERS.contains(type)).sorted();
  }

  /** The faces agree on rules after rules as well, on random rows. */
  @Test
  void facesOfAChainAgree() {
    List<RawRecord> records = edgeRecords(500);
    Cleaning cleaning =
        new Cleaning(
            ALL_TYPES,
            List.of(
                new Trim(List.of()),
                new Missing(List.of("unknown", "-1"), List.of()),
                new Rename("c.string", "text"),
                new RejectOutside("c.int", -10.0, 100.0),
                new Cast("text", "double"),
                new DropColumns(List.of("c.tinyint")),
                new RejectMissing(List.of("text"))));
    assertThat(rows(cleaning.apply(table(ALL_TYPES, records))))
        .isEqualTo(outcomes(cleaning, records));
  }

  @Test
  void everyTypeHasATestAndAName() {
    TreeSet<String> tested = new TreeSet<>(OTHERS);
    rules().forEach(rule -> tested.add(Rules.TYPES.name((Rule) rule.get()[0])));
    assertThat(Rules.TYPES.names()).containsExactlyInAnyOrderElementsOf(tested);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void survivesJson(Rule rule) {
    Cleaning cleaning =
        new Cleaning(
            ALL_TYPES,
            List.of(new DropNearDuplicates("c.string", 0.8), rule, new DropDuplicates(List.of())));
    assertThat(Json.read(Json.write(cleaning), Cleaning.class, "rules.json")).isEqualTo(cleaning);
  }

  @Test
  void jsonNamesTypesAndParameters() {
    Cleaning cleaning =
        new Cleaning(
            new DatasetContract(List.of(new Field("age", FieldType.INT))),
            List.of(
                new RejectOutside("age", 17.0, null, At.TRAINING),
                new Derive("old", "age > 60", "boolean")));
    assertThat(Json.write(cleaning))
        .isEqualTo(
            """
            {
              "input" : {
                "fields" : [ {
                  "name" : "age",
                  "type" : "INT"
                } ]
              },
              "rules" : [ {
                "type" : "reject-outside",
                "column" : "age",
                "min" : 17.0,
                "max" : null,
                "at" : "TRAINING"
              }, {
                "type" : "derive",
                "column" : "old",
                "expression" : "age > 60",
                "to" : "boolean",
                "at" : "ALWAYS"
              } ]
            }
            """);
  }

  @Test
  void jsonOfAnotherTypeIsRefused() {
    assertThatThrownBy(
            () ->
                Json.read(
                    """
                    {"input": {"fields": []}, "rules": [{"type": "java.lang.Runtime"}]}
                    """,
                    Cleaning.class,
                    "rules.json"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("rules.json: not readable: ")
        .hasMessageContaining("'java.lang.Runtime'")
        .hasMessageContaining("missing, normalise-text, reject-language");
  }

  @Test
  void castIsStrict() {
    Map<String, String> ints = new LinkedHashMap<>();
    for (Object text : edges(FieldType.STRING)) {
      Object value = Values.convert(text, FieldType.INT);
      if (value != null) {
        ints.put((String) text, value.toString());
      }
    }
    assertThat(ints)
        .isEqualTo(
            Map.of(
                "0", "0", "-1", "-1", "1", "1", "+7", "7", "3.0", "3", "3e2", "300", "5.", "5",
                "128", "128"));
    assertThat(Values.convert(" 0.1 ", FieldType.FLOAT)).isEqualTo(0.1f);
    assertThat(Values.convert("1e400", FieldType.DOUBLE)).isNull();
    assertThat(Values.convert(1e300, FieldType.FLOAT)).isNull();
    assertThat(Values.convert(Double.NaN, FieldType.INT)).isNull();
    assertThat(Values.convert("2024-02-29T12:00:00+02:00", FieldType.TIMESTAMP))
        .isEqualTo(Instant.parse("2024-02-29T10:00:00Z"));
  }

  @Test
  void aCastReadsTheSignsOfNumbersAsItIsTold() {
    RawRecord record = RawRecord.of(Map.of("x", "1.234,5"));
    assertThat(new Cast("x", "double", ",", ".", At.ALWAYS).change(record))
        .isEqualTo(RawRecord.of(Map.of("x", 1234.5)));
    assertThat(new Cast("x", "double", ",", null, At.ALWAYS).rejection(record))
        .isEqualTo("x: \"1.234,5\" is no double");
    assertThat(new Cast("x", "double").rejection(record)).isEqualTo("x: \"1.234,5\" is no double");
  }

  static Stream<Arguments> parameters() {
    return Stream.of(
        wrong(() -> new RejectOutside("age", null, null), "min or max must be given"),
        wrong(() -> new RejectOutside("age", 5.0, 3.0), "min must be at most max, got 5.0 and 3.0"),
        wrong(
            () -> new RejectOutside("age", Double.NaN, Double.NaN),
            "min must be a number, got NaN\nmax must be a number, got NaN"),
        wrong(() -> new Missing(List.of(), List.of()), "values must not be empty"),
        wrong(() -> new DropColumns(List.of()), "columns must not be empty"),
        wrong(() -> new RejectUnlessIn("age", List.of()), "values must not be empty"),
        wrong(
            () -> new Cast("age", "decimal(3,1)"),
            "to must be one of boolean, tinyint, smallint, int, bigint, float, double, string,"
                + " date, timestamp, timestamp_ntz, binary, got decimal(3,1)"),
        wrong(
            () -> new Cast("age", "date", ",", "", At.ALWAYS),
            "decimal is for numbers, which no date is\n"
                + "thousands must be one character, got \"\""),
        wrong(
            () -> new Cast("age", "double", ",", ",", At.ALWAYS),
            "thousands must be a sign that stands in no number and is not decimal, got \",\""),
        wrong(
            () -> new RejectUnlessMatching("age", "("),
            "pattern must be a regular expression, got (: Unclosed group"));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void parametersAreChecked(Runnable rule, String message) {
    assertThatThrownBy(rule::run)
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message)
        .extracting(e -> ((InvalidInput) e).kind())
        .isEqualTo(InvalidInput.Kind.CONFIGURATION);
  }

  private static Arguments wrong(Runnable rule, String message) {
    return Arguments.of(rule, message);
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        Arguments.of(new Trim(List.of("nome")), "trim: no column nome; did you mean name?"),
        Arguments.of(
            new Trim(List.of("age")), "trim: column age must be a string to be trimmed, is int"),
        Arguments.of(
            new Missing(List.of("unknown", "?"), List.of("age")),
            "missing: column age is int, which none of [unknown, ?] is"),
        Arguments.of(new Cast("age", "date"), "cast: column age is int, which has no date"),
        Arguments.of(
            new Cast("age", "double", ",", null, At.ALWAYS),
            "cast: column age must be a string to have its own signs in numbers, is int"),
        Arguments.of(
            new DropColumns(List.of("x")), "drop-columns: no column x, there are [name, age]"),
        Arguments.of(
            new Rename("age", "name"),
            "rename: column age cannot be renamed to name, which is there already"),
        Arguments.of(
            new Rename("age", "_age"),
            "rename: column _age must not begin with an underscore, which is reserved"),
        Arguments.of(
            new RejectOutside("name", 1.0, null),
            "reject-outside: column name must be a number, is string"),
        Arguments.of(
            new RejectUnlessIn("age", List.of("1", "one")),
            "reject-unless-in: column age is int, which [one] is not"),
        Arguments.of(
            new RejectUnlessMatching("age", "."),
            "reject-unless-matching: column age must be a string to be matched, is int"),
        Arguments.of(
            new StripHtml(List.of("age"), At.ALWAYS),
            "strip-html: column age must be a string, is int"),
        Arguments.of(
            new RejectLength(List.of("name", "age"), 1, 2, Unit.WORDS, At.ALWAYS),
            "reject-length: column age must be a string, is int"),
        Arguments.of(
            new RejectLanguage("nam", List.of("en"), 0.5, At.ALWAYS),
            "reject-language: no column nam; did you mean name?"),
        Arguments.of(
            new RejectMissing(List.of("x")), "reject-missing: no column x, there are [name, age]"),
        Arguments.of(
            new DropDuplicates(List.of("x")),
            "drop-duplicates: no column x, there are [name, age]"),
        Arguments.of(
            new Rename("age", "years", At.TRAINING),
            "rename: a rule that changes the columns must apply at = always"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void rulesMustFitTheColumns(Rule rule, String message) {
    DatasetContract contract =
        new DatasetContract(
            List.of(new Field("name", FieldType.STRING), new Field("age", FieldType.INT)));
    assertThatThrownBy(() -> new Cleaning(contract, List.of(new Trim(List.of()), rule)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("rules[1] " + message);
  }

  @Test
  void everyRuleThatDoesNotFitIsTold() {
    DatasetContract contract =
        new DatasetContract(
            List.of(new Field("name", FieldType.STRING), new Field("age", FieldType.INT)));
    List<Rule> rules =
        List.of(
            new Trim(List.of("nam")),
            new RejectMissing(List.of("name")),
            new DropColumns(List.of("duration")),
            new Rename("ago", "years"),
            new RejectMissing(List.of("years")));
    assertThat(Cleaning.problems(contract, rules))
        .containsExactly(
            "rules[0] trim: no column nam; did you mean name?",
            "rules[2] drop-columns: no column duration, there are [name, age]",
            "rules[3] rename: no column ago; did you mean age?");
    assertThat(Cleaning.problems(contract, List.of(new RejectUnlabelled(List.of("y")))))
        .containsExactly("normalise.label: no column y, there are [name, age]");
  }

  @Test
  void aRowWithoutALabelIsRejectedInTrainingOnly() {
    RawRecord labelled = RawRecord.of(Map.of("y", "yes"));
    Map<String, Object> none = new HashMap<>();
    none.put("y", null);
    RawRecord unlabelled = RawRecord.of(none);
    RejectUnlabelled rule = new RejectUnlabelled(List.of("y"));
    assertThat(rule.at()).isEqualTo(At.TRAINING);
    assertThat(rule.rejection(labelled)).isNull();
    assertThat(rule.rejection(unlabelled)).isEqualTo("missing: y");
    assertThat(rule.without("y")).isEmpty();
    assertThat(rule.without("x")).isEqualTo(Optional.of(rule));
  }

  @Test
  void rulesWithoutAColumn() {
    assertThat(new Trim(List.of("a")).without("a")).isEmpty();
    assertThat(new Trim(List.of()).without("a")).isEqualTo(Optional.of(new Trim(List.of())));
    assertThat(new RejectMissing(List.of("a", "b")).without("a"))
        .isEqualTo(Optional.of(new RejectMissing(List.of("b"))));
    assertThat(new Cast("a", "int").without("a")).isEmpty();
    assertThat(new Cast("b", "int").without("a")).isEqualTo(Optional.of(new Cast("b", "int")));
    assertThat(new RejectOutside("a", 1.0, null).without("a")).isEmpty();
    assertThat(new RejectUnlessIn("a", List.of("x")).without("a")).isEmpty();
    assertThat(new RejectUnlessMatching("a", "x").without("a")).isEmpty();
    assertThat(new Rename("a", "b").without("a")).isEmpty();
    assertThat(new StripHtml(List.of("a", "b"), At.ALWAYS).without("a"))
        .isEqualTo(Optional.of(new StripHtml(List.of("b"), At.ALWAYS)));
    assertThat(new StripHtml(List.of(), At.ALWAYS).without("a"))
        .isEqualTo(Optional.of(new StripHtml(List.of(), At.ALWAYS)));
    assertThat(new RejectLanguage("a", List.of("en"), 0.5, At.ALWAYS).without("a")).isEmpty();
    assertThat(new Missing(List.of("x"), List.of("a", "b")).without("b"))
        .isEqualTo(Optional.of(new Missing(List.of("x"), List.of("a"))));
    assertThat(new DropDuplicates(List.of("a", "b")).without("b"))
        .isEqualTo(Optional.of(new DropDuplicates(List.of("a"))));
  }

  /** Each edge value at least once, and rows of random ones; a fifth of the values is null. */
  private static List<RawRecord> edgeRecords(int random) {
    Random choice = new Random(42);
    List<RawRecord> records = new ArrayList<>();
    for (Field field : ALL_TYPES.fields()) {
      for (Object value : edges(field.type())) {
        records.add(randomRecord(choice).with(field.name(), value));
      }
    }
    for (int i = 0; i < random; i++) {
      records.add(randomRecord(choice));
    }
    RawRecord nothing = records.get(0);
    for (Field field : ALL_TYPES.fields()) {
      nothing = nothing.with(field.name(), null);
    }
    records.add(nothing);
    return records;
  }

  private static List<Object> edges(FieldType type) {
    return Objects.requireNonNull(EDGES.get(type));
  }

  private static RawRecord randomRecord(Random choice) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Field field : ALL_TYPES.fields()) {
      List<Object> edges = edges(field.type());
      values.put(
          field.name(), choice.nextInt(5) == 0 ? null : edges.get(choice.nextInt(edges.size())));
    }
    return RawRecord.of(values);
  }

  private static Dataset<Row> table(DatasetContract contract, List<RawRecord> records) {
    StructType schema = StructType.fromDDL("_key string, _source string, " + contract.ddl());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      List<Object> values = new ArrayList<>(List.of("k" + i, "source"));
      RawRecord record = records.get(i);
      record.columns().forEach(column -> values.add(record.value(column)));
      rows.add(RowFactory.create(values.toArray()));
    }
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  /** What became of each row, by key: the values it has, or the rule, the reason and the input. */
  private static Map<String, List<Object>> rows(AcceptedRejected split) {
    Map<String, List<Object>> found = new TreeMap<>();
    split.accepted().collectAsList().forEach(row -> found.put(row.getString(0), values(row)));
    split.rejected().collectAsList().forEach(row -> found.put(row.getString(0), values(row)));
    return found;
  }

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int i = 2; i < row.size(); i++) {
      values.add(comparable(row.get(i)));
    }
    return values;
  }

  private static List<Object> values(RawRecord record) {
    List<Object> values = new ArrayList<>();
    record.columns().forEach(column -> values.add(comparable(record.value(column))));
    return values;
  }

  /** The value in a form in which equal bytes are equal. */
  private static @Nullable Object comparable(@Nullable Object value) {
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }

  private static Map<String, List<Object>> outcomes(Cleaning cleaning, List<RawRecord> records) {
    Map<String, List<Object>> expected = new TreeMap<>();
    for (int i = 0; i < records.size(); i++) {
      RawRecord record = records.get(i);
      RuleOutcome outcome = cleaning.apply(record);
      List<Object> values = new ArrayList<>();
      if (outcome instanceof RuleOutcome.Rejected rejected) {
        values.addAll(List.of(rejected.rule(), rejected.reason()));
        values.addAll(values(record));
      } else {
        RawRecord kept = ((RuleOutcome.Kept) outcome).record();
        assertThat(kept.columns()).containsExactlyElementsOf(cleaning.outputContract().names());
        values.addAll(values(kept));
      }
      expected.put("k" + i, values);
    }
    return expected;
  }
}
