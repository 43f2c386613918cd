package sluice.ingest;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.decode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.json.JSONOptions$;
import org.apache.spark.sql.execution.datasources.text.TextFileFormat;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.JavaConverters;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * Reads JSON, one record a line or files over several lines. Records are cut first and parsed after
 * that, each for itself: Spark's own reader would take a whole file for malformed where one element
 * is, and would drop what follows an object in its line.
 */
final class JsonFiles {
  private static final String PARSED = "_parsed";
  private static final String ADDRESS = "_address";
  private static final String LINE = "_line";
  private static final String TEXT = "_text";

  /** What Spark's parser takes too, although its own list leaves it out. */
  private static final Set<String> UNLISTED_OPTIONS =
      Set.of("maxNestingDepth", "maxNumLen", "maxStringLen");

  private JsonFiles() {}

  static RawTable read(SparkSession spark, IngestSettings settings, List<SourceFile> files) {
    DatasetContract contract = settings.contract();
    StructType schema = StructType.fromDDL(contract.ddl());
    JsonFormat format = new JsonFormat(settings.options(), schema);
    Map<String, String> options = new HashMap<>(settings.options());
    // They become part of the plan, which Spark shows: what its parser does not know stays out.
    options.keySet().removeIf(name -> name.equalsIgnoreCase("multiLine") || !isKnown(name));
    options.put("mode", "PERMISSIVE");
    options.put("columnNameOfCorruptRecord", SparkOptions.MALFORMED);
    boolean multiLine = settings.isSet("multiLine");
    if (!multiLine) {
      checkLines(spark, files, format);
    }
    UDF1<String, Boolean> isOneObject = format::isOneObject;
    Dataset<Row> all =
        records(spark, settings, format, files)
            .withColumn(PARSED, from_json(col(TEXT), SparkOptions.withMalformed(schema), options));
    List<Column> columns = new ArrayList<>();
    List.of(ADDRESS, LINE, TEXT).forEach(name -> columns.add(col(name)));
    contract.names().forEach(name -> columns.add(col(PARSED).getField(name).as(name)));
    Column malformed =
        col(PARSED)
            .isNull()
            .or(col(PARSED).getField(SparkOptions.MALFORMED).isNotNull())
            .or(not(udf(isOneObject, DataTypes.BooleanType).apply(col(TEXT))));
    columns.add(coalesce(malformed, lit(true)).as(SparkOptions.MALFORMED));
    Dataset<Row> parsed = all.select(columns.toArray(Column[]::new));
    Column bad = col(SparkOptions.MALFORMED).or(Csv.notEncoded(contract));
    Dataset<Row> quarantined = parsed.filter(bad);
    UDF1<String, String> reason = format::reason;
    return new RawTable(
        parsed
            .filter(not(bad))
            .withColumn(DatasetContract.SOURCE, SourceFiles.named(col(ADDRESS)))
            .drop(ADDRESS, LINE, TEXT, SparkOptions.MALFORMED),
        multiLine
            ? quarantined.select(
                SourceFiles.named(col(ADDRESS)).as("_source"),
                col(LINE).as("_position"),
                col(TEXT).as("_record"),
                udf(reason, DataTypes.StringType).apply(col(TEXT)).as("_reason"))
            : MalformedRecords.located(
                quarantined.select(col(ADDRESS), col(TEXT)),
                format,
                SparkOptions.notEncoded(format.charset())));
  }

  /** Whether Spark's parser has such an option; the case of a name does not count. */
  private static boolean isKnown(String option) {
    return Stream.concat(
            JavaConverters.setAsJavaSet(JSONOptions$.MODULE$.getAllOptions()).stream(),
            UNLISTED_OPTIONS.stream())
        .anyMatch(option::equalsIgnoreCase);
  }

  /**
   * Those of the columns that no record names, not even as null: one scan.
   *
   * @param columns of which no row has a value
   */
  static List<String> absent(
      SparkSession spark, IngestSettings settings, List<SourceFile> files, List<String> columns) {
    JsonFormat format =
        new JsonFormat(settings.options(), StructType.fromDDL(settings.contract().ddl()));
    Dataset<Row> records =
        records(spark, settings, format, files)
            .select(functions.expr("json_object_keys(" + TEXT + ")").as("keys"));
    List<Column> named = new ArrayList<>();
    for (String column : columns) {
      named.add(max(coalesce(array_contains(col("keys"), column), lit(false))));
    }
    Row found =
        records.agg(named.get(0), named.subList(1, named.size()).toArray(Column[]::new)).first();
    List<String> absent = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!found.getBoolean(i)) {
        absent.add(columns.get(i));
      }
    }
    return absent;
  }

  private static Dataset<Row> records(
      SparkSession spark, IngestSettings settings, JsonFormat format, List<SourceFile> files) {
    if (settings.isSet("multiLine")) {
      SerializableConfiguration hadoop =
          new SerializableConfiguration(spark.sessionState().newHadoopConf());
      FlatMapFunction<String, Row> elements =
          address -> {
            List<Row> rows = new ArrayList<>();
            format.forEachElement(
                address, hadoop, (line, text) -> rows.add(RowFactory.create(address, line, text)));
            return rows.iterator();
          };
      return spark
          .createDataset(files.stream().map(SourceFile::address).toList(), Encoders.STRING())
          .repartition(Math.min(files.size(), spark.sparkContext().defaultParallelism()))
          .flatMap(
              elements,
              Encoders.row(
                  StructType.fromDDL(
                      "%s string, %s bigint, %s string".formatted(ADDRESS, LINE, TEXT))));
    }
    Column value = col("value");
    Column text =
        settings.option("encoding").or(() -> settings.option("charset")).isPresent()
            ? decode(value.cast(DataTypes.BinaryType), format.charset())
            : value;
    return SourceFiles.read(
            spark,
            new TextFileFormat(),
            settings.options(),
            StructType.fromDDL("value string"),
            files)
        .select(
            SourceFiles.ADDRESS.as(ADDRESS),
            lit(null).cast(DataTypes.LongType).as(LINE),
            text.as(TEXT))
        .filter(trim(col(TEXT), " \t\r\n\uFEFF").notEqual(lit("")));
  }

  private static void checkLines(SparkSession spark, List<SourceFile> files, JsonFormat format) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> problems = new ArrayList<>();
    for (SourceFile file : files) {
      try {
        if (format.isOverSeveralLines(file.address(), hadoop)) {
          problems.add(
              file.named()
                  + ": must have one object a line, has JSON over several lines or in an array:"
                  + " set options.multiLine = true");
        }
      } catch (IOException e) {
        problems.add("%s: cannot be read: %s".formatted(file.named(), e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }
}
