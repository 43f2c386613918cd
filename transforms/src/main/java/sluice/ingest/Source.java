package sluice.ingest;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.ValueNotation;

/**
 * Where rows come from, and how they are read: an immutable record of what a source of this kind
 * must be told besides the keys of {@link IngestSettings}, which all sources have and each method
 * is given. It is what {@code ingest.format} names, one of {@link Sources#TYPES}; ingest and
 * predict know nothing else of where rows come from.
 *
 * <p>A source gives rows of typed columns and says where each comes from. Keys, shares of malformed
 * records and whether a named key identifies rows are not its business.
 */
public interface Source {

  /** The columns that it gives where {@code schema} names none; nothing if a schema must. */
  default Optional<DatasetContract> columns() {
    return Optional.empty();
  }

  /** Which of its columns are texts to learn from; nothing if it does not know. */
  default Optional<TextColumns> textColumns() {
    return Optional.empty();
  }

  /**
   * The columns that its files name by themselves; nothing if they do not. It may open a file.
   *
   * @param settings of which the schema does not count
   * @throws sluice.data.InvalidInput (data) if there is no such file, or what it says is of no use
   */
  default Optional<DatasetContract> columnsOfFiles(IngestSettings settings, Configuration hadoop) {
    return Optional.empty();
  }

  /**
   * What is wrong with the keys that all sources have: all problems, or none, each beginning with
   * its key.
   *
   * @param path null if none is given
   */
  default List<String> problems(@Nullable SourcePaths path, Map<String, String> options) {
    List<String> problems = new ArrayList<>();
    String name = Sources.TYPES.name(this);
    if (path != null) {
      problems.add("path must not be given with format = %s, got %s".formatted(name, path));
    }
    if (!options.isEmpty()) {
      problems.add("options must not be given with format = %s, got %s".formatted(name, options));
    }
    return problems;
  }

  /** Why it cannot give these columns: all problems, or none. */
  default List<String> problems(DatasetContract columns) {
    return List.of();
  }

  /** Where its rows are, for messages. */
  String where(IngestSettings settings);

  /** The texts in which {@code {date}} and its like, see {@link DatedPaths}, have a meaning. */
  default List<String> dateable(IngestSettings settings) {
    return List.of();
  }

  /** The settings for a date, which stands in every place that there is for it. */
  default IngestSettings at(LocalDate date, IngestSettings settings) {
    return settings;
  }

  /** How it writes values; {@link ValueNotation#STANDARD} if they have types. */
  default ValueNotation notation(Map<String, String> options) {
    return ValueNotation.STANDARD;
  }

  /** Whether it holds texts, which only {@link #notation} makes values of. */
  default boolean holdsTexts() {
    return false;
  }

  /** Whether each record names its columns, so that only all of them tell which there are. */
  default boolean namesColumnsInRecords() {
    return false;
  }

  /**
   * Whether each of its rows to score has {@link NewRows#POSITION}, which tells them apart. If not,
   * only a source with {@code ingest.key} can be scored.
   */
  default boolean hasPositions() {
    return false;
  }

  /**
   * The setting by which a malformed record may be well-formed.
   *
   * @param record its text
   * @param reason why it is malformed
   */
  default Optional<String> hint(IngestSettings settings, String record, String reason) {
    return Optional.empty();
  }

  /**
   * What tells whether its rows are still the same, by what it is of: two fingerprints are equal
   * only if the rows are. A source with equal fingerprints is not read again.
   */
  Map<String, String> fingerprints(SparkSession spark, IngestSettings settings);

  /**
   * Begins to read.
   *
   * @param spark has the settings of {@link sluice.data.SessionSettings}
   * @throws sluice.data.InvalidInput (data) if the source is not what it should be
   */
  SourceRows read(SparkSession spark, IngestSettings settings);

  /**
   * Begins to read rows to be scored: those of {@link #read} that have the columns that are needed
   * or to be kept, unless a source can hand on others too.
   *
   * @throws sluice.data.InvalidInput (data) if a needed column or one to keep is not there
   */
  default NewRows readNew(SparkSession spark, NewRowsRequest wanted) {
    return wanted.declaredOnly(read(spark, wanted.settings().withContract(wanted.neededOrKept())));
  }
}
