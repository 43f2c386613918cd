package sluice.ingest;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Nearest;
import sluice.data.SparkSchema;
import sluice.data.ValueNotation;
import sluice.split.Part;

/**
 * What to read, and as what.
 *
 * @param format what kind of source it is, and what it needs to be told besides
 * @param path where files lie; null if the source is no files
 * @param options those of Spark's reader, with its meanings, but for those that decide what a
 *     malformed record is and which files are read; in CSV a quote in quotes is doubled unless
 *     {@code escape} is given
 * @param schema Spark DDL, as in {@code age INT, job STRING}: the columns to read, in order; null
 *     if the source says them itself. A CSV file has exactly these, JSON and Parquet files may have
 *     more, which are not read; idx files give one BINARY, the picture, and where they are asked
 *     for one INT, its label, and one STRING, the part that it belongs to. Text cannot hold a
 *     BINARY
 * @param maxQuarantined the greatest share of malformed records, from 0 to 1, that is borne
 * @param key the column that identifies rows, without nulls and twice the same; null if the rows'
 *     content is to identify them
 * @param sourceColumn a further column, of texts, for the name of the file that a row comes from,
 *     see {@link SourceFile#name}, or where there are no files its source; it is no part of the
 *     content that a key is made of; null for none
 * @param text the column of texts, of a source that does not say by itself which it is; null if no
 *     column is named so
 */
public record IngestSettings(
    Source format,
    @Nullable SourcePaths path,
    Map<String, String> options,
    @Nullable String schema,
    double maxQuarantined,
    @Nullable String key,
    @Nullable String sourceColumn,
    @Nullable String text) {
  /** The share of malformed records that is borne if nothing else is said. */
  public static final double DEFAULT_MAX_QUARANTINED = 0.001;

  private static final Pattern NO_TYPE = Pattern.compile("Unsupported data type \"(\\w+)\"");

  /** The names of types in Spark DDL, the spellings of SQL among them. */
  private static final List<String> TYPES =
      Stream.concat(
              Arrays.stream(FieldType.values()).map(FieldType::ddl),
              Stream.of("byte", "short", "integer", "long", "real"))
          .toList();

  /**
   * Checks the settings, the schema among them.
   *
   * @throws InvalidInput (configuration) with every problem there is
   */
  public IngestSettings {
    options = Map.copyOf(options);
    List<String> problems = new ArrayList<>(format.problems(path, options));
    if (!(maxQuarantined >= 0 && maxQuarantined <= 1)) {
      problems.add("max-quarantined must be from 0 to 1, got " + maxQuarantined);
    }
    try {
      DatasetContract contract = contract(format, schema);
      if (key != null && !contract.has(key)) {
        problems.add("key must be one of %s, got %s".formatted(contract.names(), key));
      }
      format.problems(contract).forEach(problem -> problems.add("schema: " + problem));
      if (text != null) {
        checkText(text, format, contract, problems);
      }
      if (sourceColumn != null) {
        checkSourceColumn(sourceColumn, contract, problems);
      }
    } catch (InvalidInput e) {
      e.problems()
          .forEach(problem -> problems.add(schema == null ? problem : "schema: " + problem));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Settings that name no column of texts. */
  public IngestSettings(
      Source format,
      @Nullable SourcePaths path,
      Map<String, String> options,
      @Nullable String schema,
      double maxQuarantined,
      @Nullable String key,
      @Nullable String sourceColumn) {
    this(format, path, options, schema, maxQuarantined, key, sourceColumn, null);
  }

  private static void checkText(
      String text, Source format, DatasetContract contract, List<String> problems) {
    if (format.textColumns().isPresent()) {
      problems.add(
          "text must not be given with format = %s, which says by itself what its texts are, got %s"
              .formatted(Sources.TYPES.name(format), text));
    } else if (!contract.has(text)) {
      problems.add("text: " + contract.unknown(text));
    } else if (contract.type(text) != FieldType.STRING) {
      problems.add(
          "text must be a column of texts, %s is %s".formatted(text, contract.type(text).ddl()));
    }
  }

  /** Where files lie. */
  SourcePaths paths() {
    if (path == null) {
      throw new IllegalStateException("a source without files has no paths");
    }
    return path;
  }

  /** The same with other files. */
  IngestSettings withPaths(SourcePaths other) {
    return new IngestSettings(
        format, other, options, schema, maxQuarantined, key, sourceColumn, text);
  }

  /** The same with other columns to read. */
  IngestSettings withContract(DatasetContract columns) {
    return new IngestSettings(
        format, path, options, columns.ddl(), maxQuarantined, key, sourceColumn);
  }

  /** The settings for a date, which stands in every place that there is for it. */
  public IngestSettings at(LocalDate date) {
    return format.at(date, this);
  }

  /** The texts in which a date may have a place, see {@link DatedPaths}. */
  public List<String> dateable() {
    return format.dateable(this);
  }

  /** The parts that have files of their own, in order; none where the split makes the parts. */
  public Set<Part> parts() {
    return path == null ? Set.of() : path.parts().keySet();
  }

  private static void checkSourceColumn(
      String name, DatasetContract contract, List<String> problems) {
    if (name.isBlank() || name.startsWith("_")) {
      problems.add(
          "source-column must not be blank or begin with an underscore, got \"%s\""
              .formatted(name));
    }
    if (contract.has(name)) {
      problems.add("source-column must not be a column of the schema, got " + name);
    }
  }

  /** The columns to read. */
  public DatasetContract contract() {
    return contract(format, schema);
  }

  private static DatasetContract contract(Source format, @Nullable String schema) {
    return schema == null
        ? format.columns().orElseThrow(() -> InvalidInput.configuration("schema must be given"))
        : contractOf(schema);
  }

  /** The columns of the rows: those to read and, if one is asked for, that of the file's name. */
  public DatasetContract rowContract() {
    return sourceColumn == null ? contract() : contract().with(sourceColumn, FieldType.STRING);
  }

  /** How the source writes its values; {@link ValueNotation#STANDARD} if they have types. */
  public ValueNotation notation() {
    return format.notation(options);
  }

  /** The same source without a column, as of files whose folders say its value. */
  public IngestSettings withoutColumn(String column) {
    return new IngestSettings(
        format,
        path,
        options,
        contract().without(column).ddl(),
        maxQuarantined,
        column.equals(key) ? null : key,
        sourceColumn);
  }

  /** The same source without columns. */
  IngestSettings withoutColumns(Collection<String> columns) {
    IngestSettings without = this;
    for (String column : columns) {
      without = without.withoutColumn(column);
    }
    return without;
  }

  /** An option by its name, whose case does not count, as in Spark. */
  Optional<String> option(String name) {
    return SparkOptions.option(options, name);
  }

  boolean isSet(String name) {
    return option(name).filter("true"::equalsIgnoreCase).isPresent();
  }

  /** Where the rows come from, in a message. */
  public String where() {
    return format.where(this);
  }

  /** What Spark says of DDL, with the column at fault where it knows a type to be none. */
  private static String problem(String ddl, String message) {
    Matcher type = NO_TYPE.matcher(message);
    if (!type.find()) {
      return message.lines().filter(l -> !l.isBlank()).findFirst().orElse("");
    }
    String name = type.group(1);
    Matcher column =
        Pattern.compile(
                "(\\w+|`[^`]+`)\\s*:?\\s+" + Pattern.quote(name) + "\\b", Pattern.CASE_INSENSITIVE)
            .matcher(ddl);
    return "column %s has the type %s%s"
        .formatted(
            column.find() ? column.group(1) : "",
            name,
            Nearest.to(name, TYPES)
                .map(near -> "; did you mean %s?".formatted(near.toUpperCase(Locale.ROOT)))
                .orElse(", must be one of " + FieldType.names()));
  }

  private static DatasetContract contractOf(String ddl) {
    StructType schema;
    try {
      schema = StructType.fromDDL(ddl);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw InvalidInput.configuration(problem(ddl, String.valueOf(e.getMessage())));
    }
    List<String> problems = new ArrayList<>();
    if (schema.isEmpty()) {
      problems.add("must have a column");
    }
    for (StructField field : schema.fields()) {
      if (field.name().startsWith("_")) {
        problems.add(
            "column %s must not begin with an underscore, which is reserved"
                .formatted(field.name()));
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    return SparkSchema.contract(schema);
  }
}
