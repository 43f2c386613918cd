package sluice.ingest;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.csv.CSVFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/** Reads CSV files with Spark's reader; a header must be the schema's names. */
final class Csv {
  private static final int SHOWN_FILES = 10;

  private Csv() {}

  static RawTable read(SparkSession spark, IngestSettings settings, List<SourceFile> files) {
    DatasetContract contract = settings.contract();
    StructType schema = StructType.fromDDL(contract.ddl());
    Map<String, String> options = new HashMap<>(settings.options());
    options.put("mode", "PERMISSIVE");
    options.put("columnNameOfCorruptRecord", SparkOptions.MALFORMED);
    options.put("columnPruning", "false");
    CsvFormat format = new CsvFormat(options, schema);
    if (settings.isSet("header")) {
      checkHeaders(spark, files, format, contract.names());
    }
    Dataset<Row> all =
        SourceFiles.read(
            spark, new CSVFileFormat(), options, SparkOptions.withMalformed(schema), files);
    Column malformed = col(SparkOptions.MALFORMED).isNotNull().or(notEncoded(contract));
    // The reader looks only at columns that are asked for, so each half must ask for all of them.
    Column whole = xxhash64(Columns.named(contract.names())).geq(lit(Long.MIN_VALUE));
    String charset = SparkOptions.csv(options).charset();
    return new RawTable(
        all.filter(whole.and(not(malformed)))
            .withColumn(DatasetContract.SOURCE, SourceFiles.named(SourceFiles.ADDRESS))
            .drop(SparkOptions.MALFORMED),
        MalformedRecords.located(
            all.filter(whole.and(malformed))
                .select(SourceFiles.ADDRESS, col(SparkOptions.MALFORMED)),
            format,
            SparkOptions.notEncoded(charset)));
  }

  /** Whether a column of strings holds what stands for bytes that could not be decoded. */
  static Column notEncoded(DatasetContract contract) {
    Column found = lit(false);
    for (Field field : contract.fields()) {
      if (field.type() == FieldType.STRING) {
        found =
            found.or(
                coalesce(
                    Columns.named(field.name()).contains(SparkOptions.REPLACEMENT), lit(false)));
      }
    }
    return found;
  }

  private static void checkHeaders(
      SparkSession spark, List<SourceFile> files, CsvFormat format, List<String> expected) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> problems = new ArrayList<>();
    for (SourceFile file : files) {
      String name = file.named();
      try {
        List<String> actual = format.header(file.address(), hadoop);
        if (actual.isEmpty()) {
          problems.add(name + ": the file is empty, must have a header");
        } else if (!actual.equals(expected)) {
          problems.add(name + ": " + difference(expected, actual));
        }
      } catch (IOException e) {
        problems.add("%s: cannot be read: %s".formatted(name, e.getMessage()));
      }
    }
    if (problems.size() > SHOWN_FILES) {
      int more = problems.size() - SHOWN_FILES;
      problems.subList(SHOWN_FILES, problems.size()).clear();
      problems.add("and %d more files".formatted(more));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static String difference(List<String> expected, List<String> actual) {
    Set<String> seen = new HashSet<>();
    for (String name : actual) {
      if (!seen.add(name)) {
        return "header has column %s twice: must be %s, got %s".formatted(name, expected, actual);
      }
    }
    if (expected.size() != actual.size()) {
      return "header has %d columns, schema has %d: must be %s, got %s"
          .formatted(actual.size(), expected.size(), expected, actual);
    }
    return "header and schema differ: must be %s, got %s".formatted(expected, actual);
  }
}
