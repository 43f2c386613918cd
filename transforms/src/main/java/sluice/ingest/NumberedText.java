package sluice.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_csv;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.util.LineReader;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.JavaConverters;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * CSV and JSON files whose records keep their place in their file and their text. A record of CSV
 * has the number of its first line, one of JSON its number among the records, both from 1.
 */
final class NumberedText {
  static final String POSITION = "_position";

  /** The text of a record. */
  static final String RECORD = "_record";

  private static final List<String> PLACE = List.of(DatasetContract.SOURCE, POSITION, RECORD);
  private static final String PARSED = "_parsed";
  private static final String GOOD = "_good";

  /** What Spark's parser of JSON takes too, although its own list leaves it out. */
  private static final Set<String> UNLISTED_OPTIONS =
      Set.of("maxNestingDepth", "maxNumLen", "maxStringLen");

  private NumberedText() {}

  /** Hands the records of a file on, in its order, each with its place. */
  private interface Records extends java.io.Serializable {
    void forEach(
        String address, SerializableConfiguration hadoop, MalformedRecords.LineConsumer records)
        throws IOException;
  }

  /**
   * The records of CSV files.
   *
   * @param schema the columns of the files in their order; a header is not looked at
   * @return the columns, the source, {@link #POSITION} and {@link #RECORD}
   */
  static RawTable csv(
      SparkSession spark, IngestSettings settings, StructType schema, List<String> files) {
    CsvFormat format = new CsvFormat(settings.options(), schema);
    Dataset<Row> records;
    if (settings.isSet("multiLine")) {
      records = records(spark, files, format::forEachRecord);
    } else {
      CSVOptions csv = SparkOptions.csv(settings.options());
      @Nullable String comment = comment(csv);
      UDF1<String, Boolean> isRecord = text -> isRecord(text, comment);
      Dataset<Row> lines =
          NumberedLines.all(spark, files, separator(csv.lineSeparatorInRead()))
              .filter(belowHeaders(spark, settings, files));
      records =
          decoded(lines, csv.charset())
              .filter(udf(isRecord, DataTypes.BooleanType).apply(col(RECORD)));
    }
    Column parsed =
        from_csv(
            col(RECORD),
            lit(SparkOptions.withMalformed(schema).toDDL()),
            parsing(settings.options()));
    return table(records.withColumn(PARSED, parsed).withColumn(GOOD, lit(true)), schema, format);
  }

  /**
   * The records of JSON files.
   *
   * @param schema the columns to read
   * @return the columns, the source, {@link #POSITION} and {@link #RECORD}
   */
  static RawTable json(
      SparkSession spark, IngestSettings settings, StructType schema, List<String> files) {
    JsonFormat format = new JsonFormat(settings.options(), schema);
    Map<String, String> options = parsing(settings.options());
    options.keySet().removeIf(name -> name.equalsIgnoreCase("multiLine") || !isKnown(name));
    UDF1<String, Boolean> isOneObject = format::isOneObject;
    Column parsed = from_json(col(RECORD), SparkOptions.withMalformed(schema), options);
    return table(
        jsonRecords(spark, settings, format, files)
            .withColumn(PARSED, parsed)
            .withColumn(GOOD, udf(isOneObject, DataTypes.BooleanType).apply(col(RECORD))),
        schema,
        format);
  }

  /** The names that records of JSON use, sorted: one scan. */
  static List<String> names(SparkSession spark, IngestSettings settings, List<String> files) {
    JsonFormat format =
        new JsonFormat(settings.options(), StructType.fromDDL(settings.contract().ddl()));
    List<String> names =
        new ArrayList<>(
            jsonRecords(spark, settings, format, files)
                .select(explode(expr("json_object_keys(" + RECORD + ")")))
                .distinct()
                .as(Encoders.STRING())
                .collectAsList());
    names.sort(null);
    return names;
  }

  private static RawTable table(
      Dataset<Row> parsed, StructType schema, MalformedRecords.Format format) {
    List<Column> columns = new ArrayList<>(List.of(Columns.named(PLACE)));
    Column encoded = lit(true);
    for (StructField field : schema.fields()) {
      Column value = col(PARSED).getField(field.name());
      columns.add(value.as(field.name()));
      if (field.dataType().equals(DataTypes.StringType)) {
        encoded =
            encoded.and(
                not(coalesce(value.contains(SparkOptions.REPLACEMENT), lit(false))));
      }
    }
    Column good =
        col(GOOD)
            .and(col(PARSED).isNotNull())
            .and(col(PARSED).getField(SparkOptions.MALFORMED).isNull())
            .and(encoded);
    columns.add(coalesce(good, lit(false)).as(GOOD));
    Dataset<Row> all = parsed.select(columns.toArray(Column[]::new));
    UDF1<String, String> reason = format::reason;
    return new RawTable(
        all.filter(col(GOOD)).drop(GOOD),
        all.filter(not(col(GOOD)))
            .select(Columns.named(PLACE))
            .withColumn("_reason", udf(reason, DataTypes.StringType).apply(col(RECORD))));
  }

  private static Dataset<Row> jsonRecords(
      SparkSession spark, IngestSettings settings, JsonFormat format, List<String> files) {
    if (settings.isSet("multiLine")) {
      return records(
          spark,
          files,
          (address, hadoop, records) -> {
            long[] number = {0};
            format.forEachElement(
                address, hadoop, (line, text) -> records.accept(++number[0], text));
          });
    }
    return decoded(
        NumberedLines.notBlank(
            spark, files, separator(SparkOptions.json(settings.options()).lineSeparatorInRead())),
        format.charset());
  }

  /** Records that only their format can tell apart: each file is read by one task. */
  private static Dataset<Row> records(SparkSession spark, List<String> files, Records records) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    FlatMapFunction<String, Row> rows =
        address -> {
          String source = SourceFiles.named(address);
          List<Row> found = new ArrayList<>();
          records.forEach(
              address, hadoop, (line, text) -> found.add(RowFactory.create(source, line, text)));
          return found.iterator();
        };
    return spark
        .createDataset(files, Encoders.STRING())
        .repartition(Math.min(files.size(), spark.sparkContext().defaultParallelism()))
        .flatMap(
            rows,
            Encoders.row(
                StructType.fromDDL(
                    "%s string, %s bigint, %s string"
                        .formatted(DatasetContract.SOURCE, POSITION, RECORD))));
  }

  private static Dataset<Row> decoded(Dataset<Row> lines, String charset) {
    UDF1<byte[], String> text = line -> new String(line, Charset.forName(charset));
    return lines.select(
        SourceFiles.named(col(NumberedLines.ADDRESS)).as(DatasetContract.SOURCE),
        col(NumberedLines.NUMBER).as(POSITION),
        udf(text, DataTypes.StringType).apply(col(NumberedLines.BYTES)).as(RECORD));
  }

  private static Optional<byte[]> separator(Option<byte[]> separator) {
    return separator.isDefined() ? Optional.of(separator.get()) : Optional.empty();
  }

  private static Map<String, String> parsing(Map<String, String> options) {
    Map<String, String> parsing = new HashMap<>(options);
    parsing.put("mode", "PERMISSIVE");
    parsing.put("columnNameOfCorruptRecord", SparkOptions.MALFORMED);
    return parsing;
  }

  /** Whether Spark's parser of JSON has such an option; the case of a name does not count. */
  private static boolean isKnown(String option) {
    return Stream.concat(
            JavaConverters.setAsJavaSet(JSONOptions$.MODULE$.getAllOptions()).stream(),
            UNLISTED_OPTIONS.stream())
        .anyMatch(option::equalsIgnoreCase);
  }

  /** Whether a line of CSV holds a record: it is neither blank nor a comment. */
  private static boolean isRecord(String line, @Nullable String comment) {
    return !line.trim().isEmpty() && (comment == null || !line.startsWith(comment));
  }

  private static @Nullable String comment(CSVOptions csv) {
    return csv.isCommentSet() ? String.valueOf(csv.comment()) : null;
  }

  /** Whether a line is not the header of its file nor before it. */
  private static Column belowHeaders(
      SparkSession spark, IngestSettings settings, List<String> files) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    HashMap<String, Long> headers = new HashMap<>();
    if (settings.isSet("header")) {
      for (String file : files) {
        try {
          headers.put(file, headerLine(file, SparkOptions.csv(settings.options()), hadoop));
        } catch (IOException e) {
          throw InvalidInput.data(
              "%s: cannot be read: %s".formatted(SourceFiles.named(file), e.getMessage()));
        }
      }
    }
    UDF2<String, Long, Boolean> isBelow = (file, line) -> line > headers.getOrDefault(file, 0L);
    return udf(isBelow, DataTypes.BooleanType)
        .apply(col(NumberedLines.ADDRESS), col(NumberedLines.NUMBER));
  }

  private static long headerLine(
      String address, CSVOptions csv, SerializableConfiguration hadoop) throws IOException {
    try (InputStream bytes = SourceFiles.open(address, hadoop.value())) {
      LineReader lines =
          csv.lineSeparatorInRead().isDefined()
              ? new LineReader(bytes, csv.lineSeparatorInRead().get())
              : new LineReader(bytes);
      Text text = new Text();
      long number = 0;
      while (lines.readLine(text) > 0) {
        number++;
        if (isRecord(text.toString(), comment(csv))) {
          break;
        }
      }
      return number;
    }
  }
}
