package sluice.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Nearest;
import sluice.data.SparkSchema;
import sluice.data.ValueNotation;

/**
 * What to read, and as what.
 *
 * @param format {@code csv}, {@code idx}, {@code json} or {@code parquet}
 * @param path where the rows come from
 * @param options those of Spark's reader, with its meanings, but for those that decide what a
 *     malformed record is and which files are read; in CSV a quote in quotes is doubled unless
 *     {@code escape} is given
 * @param schema Spark DDL, as in {@code age INT, job STRING}: the columns to read, in order. A CSV
 *     file has exactly these, JSON and Parquet files may have more, which are not read; idx files
 *     give one BINARY, the picture, and where they are asked for one INT, its label, and one
 *     STRING, the part that it belongs to. Text cannot hold a BINARY
 * @param maxQuarantined the greatest share of malformed records, from 0 to 1, that is borne
 * @param key the column that identifies rows, without nulls and twice the same; null if the rows'
 *     content is to identify them
 * @param sourceColumn a further column, of texts, for the name of the file that a row comes from,
 *     see {@link SourceFile#name}; it is no part of the content that a key is made of; null for
 *     none
 */
public record IngestSettings(
    String format,
    SourcePaths path,
    Map<String, String> options,
    String schema,
    double maxQuarantined,
    @Nullable String key,
    @Nullable String sourceColumn) {
  /** The share of malformed records that is borne if nothing else is said. */
  public static final double DEFAULT_MAX_QUARANTINED = 0.001;

  private static final List<String> FORMATS = List.of("csv", "idx", "json", "parquet");
  private static final Set<String> TEXT_FORMATS = Set.of("csv", "json");

  private static final Pattern NO_TYPE = Pattern.compile("Unsupported data type \"(\\w+)\"");

  /** The names of types in Spark DDL, the spellings of SQL among them. */
  private static final List<String> TYPES =
      Stream.concat(
              Arrays.stream(FieldType.values()).map(FieldType::ddl),
              Stream.of("byte", "short", "integer", "long", "real"))
          .toList();

  /** Options that would change which records are malformed, or make them vanish. */
  private static final Set<String> FIXED_OPTIONS =
      Set.of(
          "mode",
          "columnnameofcorruptrecord",
          "columnpruning",
          "enforceschema",
          "inferschema",
          "ignorecorruptfiles",
          "ignoremissingfiles",
          "mergeschema",
          "path",
          "schema",
          "wholetext");

  /** Options by which Spark would list files. */
  private static final Set<String> LISTING_OPTIONS =
      Set.of(
          "basepath", "modifiedafter", "modifiedbefore", "pathglobfilter", "recursivefilelookup");

  /**
   * Checks the settings, the schema among them.
   *
   * @throws InvalidInput (configuration) with every problem there is
   */
  public IngestSettings {
    options = Map.copyOf(options);
    List<String> problems = new ArrayList<>();
    if (!FORMATS.contains(format)) {
      problems.add("format must be one of %s, got %s".formatted(FORMATS, format));
    }
    new TreeMap<>(options)
        .keySet()
        .forEach(
            option -> {
              if (FIXED_OPTIONS.contains(option.toLowerCase(Locale.ROOT))) {
                problems.add("options.%s is not free: Sluice sets it".formatted(option));
              } else if (LISTING_OPTIONS.contains(option.toLowerCase(Locale.ROOT))) {
                problems.add(
                    ("options.%s is not free: Sluice lists the files, those of sub-folders too;"
                            + " a pattern in path chooses among them")
                        .formatted(option));
              } else if (TEXT_FORMATS.contains(format)) {
                SparkOptions.unknown(format, option).ifPresent(problems::add);
              }
            });
    if (TEXT_FORMATS.contains(format)) {
      problems.addAll(SparkOptions.problems(format, options));
    }
    if (!(maxQuarantined >= 0 && maxQuarantined <= 1)) {
      problems.add("max-quarantined must be from 0 to 1, got " + maxQuarantined);
    }
    try {
      DatasetContract contract = contractOf(schema);
      if (key != null && !contract.has(key)) {
        problems.add("key must be one of %s, got %s".formatted(contract.names(), key));
      }
      checkTypes(format, contract, problems);
      if (sourceColumn != null) {
        checkSourceColumn(sourceColumn, contract, problems);
      }
    } catch (InvalidInput e) {
      e.problems().forEach(problem -> problems.add("schema: " + problem));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Settings without a column for the file's name. */
  public IngestSettings(
      String format,
      List<String> path,
      Map<String, String> options,
      String schema,
      double maxQuarantined,
      @Nullable String key) {
    this(format, SourcePaths.of(path), options, schema, maxQuarantined, key, null);
  }

  /** The same with other files. */
  public IngestSettings withPath(SourcePaths other) {
    return new IngestSettings(format, other, options, schema, maxQuarantined, key, sourceColumn);
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

  private static void checkTypes(String format, DatasetContract contract, List<String> problems) {
    List<FieldType> types = contract.fields().stream().map(Field::type).toList();
    if (format.equals("idx")) {
      boolean known = List.of(FieldType.BINARY, FieldType.INT, FieldType.STRING).containsAll(types);
      if (!known || Set.copyOf(types).size() < types.size() || !types.contains(FieldType.BINARY)) {
        problems.add(
            "schema: idx files give one BINARY, the picture, and at most one INT, its label, and one"
                + " STRING, its part, got "
                + contract.ddl());
      }
    } else if (!format.equals("parquet")) {
      contract.fields().stream()
          .filter(field -> field.type() == FieldType.BINARY)
          .forEach(
              field ->
                  problems.add(
                      "schema: column %s must not be binary, which %s cannot hold"
                          .formatted(field.name(), format)));
    }
  }

  /** The columns to read from files. */
  public DatasetContract contract() {
    return contractOf(schema);
  }

  /** The columns of the rows: those to read and, if one is asked for, that of the file's name. */
  public DatasetContract rowContract() {
    return sourceColumn == null ? contract() : contract().with(sourceColumn, FieldType.STRING);
  }

  /** How the source writes its values; {@link ValueNotation#STANDARD} if they have types. */
  public ValueNotation notation() {
    return switch (format) {
      case "csv" -> SparkOptions.csvNotation(options);
      case "json" -> SparkOptions.jsonNotation(options);
      default -> ValueNotation.STANDARD;
    };
  }

  /** Whether files hold texts, which only {@link #notation} makes values of. */
  public boolean holdsTexts() {
    return TEXT_FORMATS.contains(format);
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

  /** The files in a message. */
  String where() {
    return path.toString();
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
