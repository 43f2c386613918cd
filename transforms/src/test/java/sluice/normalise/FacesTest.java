package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.RawRecord;
import sluice.data.SparkSchema;
import sluice.features.Element;
import sluice.testing.LocalSpark;
import sluice.text.BytePairs;
import sluice.text.CharacterTokeniser;
import sluice.text.Chinese;
import sluice.text.NGrams;
import sluice.text.PieceTokeniser;
import sluice.text.Punctuation;
import sluice.text.Terms;
import sluice.text.TokenizerJson;
import sluice.text.WordTokeniser;

/** The Spark face and the Java face give the same bits, and reject with the same words. */
class FacesTest {
  private static final String DDL =
      "_key string, _source string, _part string, d double, f float, l bigint, i int, h smallint,"
          + " t tinyint, b boolean, s string, `odd ``name`` é` double, day date, at timestamp,"
          + " local timestamp_ntz, p binary";

  private static final List<Double> NUMBERS =
      List.of(
          0.0,
          -0.0,
          1.0,
          -1.0,
          Math.nextUp(-1.0),
          Math.nextDown(-1.0),
          0.1,
          Double.MIN_VALUE,
          -Double.MIN_VALUE,
          Double.MIN_NORMAL,
          1e-300,
          1e15 + 0.3,
          -123.456,
          (double) Float.MAX_VALUE,
          Math.nextDown(0x1.ffffffp127),
          0x1.ffffffp127,
          1e300,
          -1e300,
          Double.MAX_VALUE,
          -Double.MAX_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY);

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "A",
          "b",
          "true",
          "0",
          "never in train",
          "quote ' and \" and \\",
          "Zürich",
          "e\u0301",
          "\uD83D\uDE00",
          "\uFF21",
          "\u0000",
          "line\nfeed",
          "x".repeat(200),
          "Two words, 3.5 \u6211\u7231\u5317\u4EAC",
          "\uD83D\uDC68\u200D\uD83D\uDC69 \u05E9\u05DC\u200F",
          "x\u0330\u0301 \u0E17\u0E35\u0E48");

  private static final List<LocalDateTime> TIMES =
      List.of(
          LocalDateTime.of(1970, 1, 1, 0, 0),
          LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
          LocalDateTime.of(1900, 2, 28, 12, 0, 1),
          LocalDateTime.of(1582, 10, 10, 3, 4, 5),
          LocalDateTime.of(1, 1, 1, 0, 0),
          LocalDateTime.of(2000, 2, 29, 23, 0),
          LocalDateTime.of(2023, 12, 31, 1, 2, 3, 4_000),
          LocalDateTime.of(2024, 2, 29, 18, 30, 59),
          LocalDateTime.of(2024, 12, 31, 7, 0),
          LocalDateTime.of(2024, 3, 31, 2, 30),
          LocalDateTime.of(2024, 10, 27, 2, 30),
          LocalDateTime.of(9999, 12, 31, 23, 59, 59));

  private static final List<FittedStep> NUMBER_STEPS =
      List.of(
          new FillNumber(-3.5),
          new FillNumber(-0.0),
          new Clip(-1, 100),
          new Clip(0, Double.MAX_VALUE),
          new Clip(-0.0, 0.0),
          new Scale(0.1, 3, false),
          new Scale(-1e300, 1e-300, false),
          new Scale(5, Double.MIN_VALUE, false),
          new Scale(5, 1, true),
          new Log1p());

  static Stream<FittedColumn> columns() {
    FittedStep known =
        new Categories(
            Element.ONE_HOT,
            Unseen.OTHER,
            List.of("", "0", "A", "Zürich", "a", "true", "\uFF21", "\uD83D\uDE00"));
    FittedStep strict =
        new Categories(Element.INDEX, Unseen.ERROR, List.of("", "a", "false", "true"));
    FittedStep parts =
        new DateParts(
            List.of(DatePart.values()),
            Arrays.stream(DatePart.values()).filter(DatePart::cyclic).toList());
    FittedStep perPosition =
        new PerPositionStep(
            List.of(new Scale(2000, 1e-36, false), new Scale(1, 2, true), new Log1p()));

    FittedStep words =
        new WordSeries(
            new WordTokeniser(true, Punctuation.KEEP, Chinese.WORDS),
            new Vocabulary(
                List.of(
                    "a", "\u5317\u4EAC", "words", "3.5", "\uD83D\uDE00", "\u00E9", "true", "0")));
    FittedStep characters =
        new CharacterSeries(
            new CharacterTokeniser(false),
            new Vocabulary(List.of("x", " ", "\uD83D\uDE00", "\u00E9", "\n", "1", "\u6211")));
    FittedStep units =
        new BytePairSeries(
            new PieceTokeniser(true),
            new BytePairs(
                List.of(
                    new BytePairs.Merge('x', 'x'),
                    new BytePairs.Merge(0xC3, 0xA9),
                    new BytePairs.Merge(256, 256))));

    FittedStep pretrained =
        new TokenizerSeries(
            9, TokenizerJson.read(TokenizerFileTest.JSON.getBytes(StandardCharsets.UTF_8), "it"));

    FittedStep tfIdf =
        new TfIdfVector(
            new NGrams(Terms.WORDS, true, Punctuation.KEEP, Chinese.WORDS, List.of(1, 2)),
            true,
            new NGramFrequencies(
                7,
                List.of("a", "\u5317\u4EAC", "two words", "\u00E9", "true", "words , "),
                List.of(7L, 5L, 3L, 3L, 2L, 1L)));
    FittedStep hashed =
        new HashedNGrams(
            Terms.CHARACTERS, false, Punctuation.KEEP, Chinese.WORDS, List.of(1, 3), 50);

    List<FittedColumn> columns = new ArrayList<>();
    columns.add(column("d"));
    for (FittedStep step : NUMBER_STEPS) {
      columns.add(column("d", step));
      columns.add(column("d", new FillNumber(2), step));
    }
    columns.add(
        column("d", new Log1p(), new FillNumber(0), new Scale(1, 7, false), new Clip(-1, 1)));
    columns.add(
        column(
            "d",
            new Clip(-9, 9),
            new Clip(-8, 8),
            new Clip(-7, 7),
            new Clip(-6, 6),
            new Clip(-5, 5),
            new Clip(-4, 4)));
    columns.add(column("odd `name` é", new Scale(1, 3, false)));
    for (List<Double> edges :
        List.of(
            List.of(-0.0),
            List.of(-1.0, 100.0),
            List.of(-100.0, -0.1, 0.0, 0.1, 1e15, 1e300),
            List.of(0.0, Double.MIN_VALUE, 1e-300))) {
      columns.add(column("d", new Bins(edges)));
      columns.add(column("d", new FillNumber(2), new Clip(-150, 1e30), new Bins(edges)));
    }
    columns.add(
        column(
            "d",
            new Clip(-150, 150),
            new Bins(List.of(-100.0, 0.1, 3.0)),
            new PerPositionStep(List.of(new Scale(0.1, 3, false), new Scale(0.2, 7, false)))));
    for (String number : List.of("f", "l", "i", "h", "t", "b")) {
      columns.add(
          new FittedColumn(
              number, CONTRACT.type(number), Kind.NUMBER, List.of(new Scale(0.1, 3, false))));
    }
    for (String text : List.of("s", "b", "i", "l")) {
      for (List<FittedStep> steps :
          List.<List<FittedStep>>of(
              List.<FittedStep>of(known),
              List.<FittedStep>of(new FillText("a"), known),
              List.<FittedStep>of(strict),
              List.<FittedStep>of(new Hashing(7)),
              List.<FittedStep>of(new FillText(""), new Hashing(1_000_000)),
              List.<FittedStep>of(new FrequencyEncoder(List.of("a", "true"), List.of(1L, 2L), 3)),
              List.<FittedStep>of(
                  new FillText("é"),
                  new FrequencyEncoder(List.of("a", "true"), List.of(1L, 2L), 3),
                  new Scale(0.3, 0.1, false)))) {
        columns.add(new FittedColumn(text, CONTRACT.type(text), Kind.TEXT, steps));
      }
    }
    columns.add(column("s", words));
    columns.add(column("s", characters));
    columns.add(column("s", units));
    columns.add(column("s", pretrained));
    columns.add(column("s", new FillText("a"), pretrained));
    columns.add(column("s", new Lengths()));
    columns.add(column("s", new FillText("abc"), new Lengths(), new PerPositionStep(twoScales())));
    columns.add(column("s", tfIdf));
    columns.add(column("s", hashed));
    columns.add(column("s", new FillText("a a"), tfIdf));
    columns.add(column("s", new FillText("a \uD83D\uDE00"), words));
    columns.add(new FittedColumn("i", CONTRACT.type("i"), Kind.TEXT, List.of(characters)));
    columns.add(column("p", new Pixels(2, 2, 3)));
    columns.add(column("p", new Pixels(3, 2, 2), new PerPositionStep(twelve())));
    for (String time : List.of("day", "at", "local")) {
      columns.add(column(time, parts));
      columns.add(column(time, new FillTime("1582-10-10T23:59:59.000001"), parts));
      columns.add(
          column(
              time,
              new DateParts(List.of(DatePart.YEAR, DatePart.MONTH, DatePart.HOUR), List.of()),
              perPosition));
    }
    return columns.stream();
  }

  /** Takes texts in batches: the chars and the code points of each. */
  record Lengths() implements FittedStep {
    private static final long serialVersionUID = 1L;

    @Override
    public Kind gives() {
      return Kind.VECTOR;
    }

    @Override
    public boolean inBatches() {
      return true;
    }

    @Override
    public @Nullable Object value(@Nullable Object input) {
      return values(new @Nullable Object[] {input})[0];
    }

    @Override
    public @Nullable Object[] values(@Nullable Object[] inputs) {
      return Arrays.stream(inputs)
          .map(
              input ->
                  input instanceof String text
                      ? new double[] {text.length(), text.codePointCount(0, text.length())}
                      : null)
          .toArray();
    }

    @Override
    public List<Integer> shape(List<Integer> input) {
      return List.of(2);
    }

    @Override
    public List<String> names(List<String> inputs) {
      return List.of("chars", "points");
    }
  }

  private static List<FittedStep> twoScales() {
    return List.of(new Scale(0.1, 3, false), new Scale(2, 7, false));
  }

  private static List<FittedStep> twelve() {
    List<FittedStep> steps = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      steps.add(new Scale(0.1 * i, 3, i % 5 == 0));
    }
    return steps;
  }

  private static final StructType SCHEMA = StructType.fromDDL(DDL);
  private static final DatasetContract CONTRACT =
      SparkSchema.contract(StructType.fromDDL(DDL.replace(" _part string,", "")));

  private static FittedColumn column(String name, FittedStep... steps) {
    return new FittedColumn(
        name, CONTRACT.type(name), RawValues.kinds(CONTRACT.type(name)).get(0), List.of(steps));
  }

  private static final List<Row> ROWS = rows();
  private static final Dataset<Row> TABLE = LocalSpark.session().createDataFrame(ROWS, SCHEMA);

  private static List<Row> rows() {
    Random random = new Random(11);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      double d = i < NUMBERS.size() ? NUMBERS.get(i) : number(random);
      String s = i < TEXTS.size() ? TEXTS.get(i) : text(random);
      LocalDateTime time = i < TIMES.size() ? TIMES.get(i) : time(random);
      Object[] values = {
        String.format("%03d", i),
        "file",
        i % 2 == 0 ? "train" : "test",
        d,
        (float) d,
        i % 3 == 0 ? Long.MAX_VALUE - i : random.nextLong(),
        i % 3 == 0 ? i : random.nextInt(),
        (short) random.nextInt(),
        (byte) random.nextInt(),
        random.nextBoolean(),
        s,
        d,
        time.toLocalDate(),
        time.toInstant(ZoneOffset.UTC),
        time,
        picture(random)
      };
      for (int j = 3; j < values.length; j++) {
        if (i == 149 || (i >= NUMBERS.size() && random.nextInt(10) == 0)) {
          values[j] = null;
        }
      }
      rows.add(RowFactory.create(values));
    }
    return rows;
  }

  private static double number(Random random) {
    return random.nextBoolean()
        ? Double.longBitsToDouble(random.nextLong())
        : random.nextGaussian() * 100;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(5);
    for (int i = 0; i < length; i++) {
      int point = random.nextInt(0x11000);
      text.appendCodePoint(
          Character.isValidCodePoint(point) && (point < 0xD800 || point > 0xDFFF) ? point : 'x');
    }
    return text.toString();
  }

  private static byte[] picture(Random random) {
    byte[] picture = new byte[random.nextInt(5) == 0 ? 11 : 12];
    random.nextBytes(picture);
    return picture;
  }

  private static LocalDateTime time(Random random) {
    long seconds = (long) (random.nextGaussian() * 3e9);
    return LocalDateTime.ofEpochSecond(seconds, random.nextInt(1_000_000) * 1000, ZoneOffset.UTC);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void agreeToTheBit(FittedColumn column) {
    FittedPreprocessing fitted =
        new FittedPreprocessing(
            CONTRACT, List.of(new FittedGroup("x", List.of(column))), List.of());
    AcceptedRejected result = Normalise.apply(fitted, TABLE);
    Map<String, Object> spark = new TreeMap<>();
    for (Row row : result.accepted().collectAsList()) {
      Object values = row.get(2);
      spark.put(row.getString(0), bits(listed(values)));
    }
    for (Row row : result.rejected().collectAsList()) {
      assertThat(spark.put(row.getString(0), row.<String>getAs("_reason"))).isNull();
    }

    Map<String, Object> java = new TreeMap<>();
    for (Row row : ROWS) {
      java.put(row.getString(0), describe(fitted.apply(record(row))));
    }
    assertThat(spark).isEqualTo(java);
  }

  /** Before they are rounded to floats, which hides much. */
  @Test
  void expressionsAreExact() {
    Dataset<Row> finite =
        TABLE.select("d").filter("abs(d) <= " + Sql.literal(Double.MAX_VALUE) + " OR d IS NULL");
    for (Row row :
        finite
            .select(
                Stream.concat(Stream.of("d"), NUMBER_STEPS.stream().map(step -> step.sql("d")))
                    .map(functions::expr)
                    .toArray(Column[]::new))
            .collectAsList()) {
      for (int i = 0; i < NUMBER_STEPS.size(); i++) {
        Double sql = (Double) row.get(i + 1);
        // What is not finite is made missing after each step.
        assertThat(sql != null && !Double.isFinite(sql) ? null : sql)
            .as("%s of %s", NUMBER_STEPS.get(i), row.get(0))
            .isEqualTo(NUMBER_STEPS.get(i).value(row.get(0)));
      }
    }
  }

  static RawRecord record(Row row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 3; i < SCHEMA.size(); i++) {
      values.put(SCHEMA.fieldNames()[i], row.get(i));
    }
    return RawRecord.of(values);
  }

  private static Object describe(Normalised result) {
    if (result instanceof Rejected rejected) {
      return rejected.reason();
    }
    Features features = (Features) result;
    List<Object> values = new ArrayList<>();
    features
        .floats()
        .values()
        .forEach(
            floats -> {
              for (float value : floats) {
                values.add(value);
              }
            });
    features.bytes().values().forEach(bytes -> values.addAll(listed(bytes)));
    features.indices().values().forEach(indices -> Arrays.stream(indices).forEach(values::add));
    return bits(values);
  }

  private static List<?> listed(Object values) {
    if (values instanceof byte[] bytes) {
      return listed(bytes);
    }
    if (values instanceof Row weighted) {
      List<Object> listed = new ArrayList<>(weighted.getList(1));
      listed.addAll(weighted.getList(0));
      return listed;
    }
    return JavaConverters.seqAsJavaList((Seq<?>) values);
  }

  private static List<Integer> listed(byte[] bytes) {
    List<Integer> values = new ArrayList<>();
    for (byte value : bytes) {
      values.add((int) value);
    }
    return values;
  }

  /** Floats by their bits: -0.0 is not 0.0. */
  private static List<Integer> bits(List<?> values) {
    return values.stream()
        .map(value -> value instanceof Float f ? Float.floatToRawIntBits(f) : (Integer) value)
        .toList();
  }

  static Stream<FittedLabel> labels() {
    List<Long> counts = List.of(1L, 2L, 3L);
    return Stream.of(
        new NumberLabel("d", CONTRACT.type("d"), 0, 1),
        new NumberLabel("d", CONTRACT.type("d"), 0.1, 3),
        new NumberLabel("f", CONTRACT.type("f"), 0.1, 3),
        new NumberLabel("l", CONTRACT.type("l"), 5, 7),
        new ClassLabel("d", CONTRACT.type("d"), List.of("-1", "0", "0.1"), counts, null),
        new ClassLabel("f", CONTRACT.type("f"), List.of("-1", "0", "0.1"), counts, null),
        new ClassLabel("i", CONTRACT.type("i"), List.of("0", "3", "30"), counts, null),
        new ClassLabel("b", CONTRACT.type("b"), List.of("false", "true"), List.of(1L, 2L), "true"),
        new ClassLabel(
            "s", CONTRACT.type("s"), List.of("", "\uFF21", "\uD83D\uDE00"), counts, null),
        new TextLabel("s"));
  }

  @ParameterizedTest
  @MethodSource("labels")
  void labelsAgree(FittedLabel label) {
    FittedColumn feature =
        new FittedColumn("t", CONTRACT.type("t"), Kind.NUMBER, List.of(new FillNumber(0)));
    FittedPreprocessing fitted =
        new FittedPreprocessing(
            CONTRACT, List.of(new FittedGroup("x", List.of(feature))), List.of(label));
    Dataset<Row> table = Normalise.apply(fitted, TABLE).accepted();
    boolean number = label instanceof NumberLabel;
    assertThat(table.columns())
        .containsExactlyElementsOf(
            number
                ? List.of("key", "part", "label", "_truth", "x")
                : List.of("key", "part", "label", "x"));
    Map<String, List<@Nullable Object>> spark = new HashMap<>();
    table
        .collectAsList()
        .forEach(
            row ->
                spark.put(row.getString(0), Arrays.asList(row.get(2), number ? row.get(3) : null)));
    Map<String, List<@Nullable Object>> java = new HashMap<>();
    for (Row row : ROWS) {
      @Nullable Object raw = row.get(SCHEMA.fieldIndex(label.column()));
      java.put(row.getString(0), Arrays.asList(label.value(raw), number ? label.truth(raw) : null));
    }
    assertThat(spark).isEqualTo(java);
  }
}
