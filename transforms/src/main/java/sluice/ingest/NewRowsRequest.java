package sluice.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

/**
 * Which {@link NewRows} are to be read, and what is wanted of them.
 *
 * @param settings where they are and how they are stored; their schema has the columns that are
 *     needed, with types
 * @param declared the columns of the rows that the network was trained with, in the order that CSV
 *     without a header has
 * @param label those of them that only the label is made of: CSV without a header may lack them, if
 *     they are not needed
 * @param keep the columns to hand on; null for all
 */
public record NewRowsRequest(
    IngestSettings settings,
    DatasetContract declared,
    Set<String> label,
    @Nullable List<String> keep) {
  public NewRowsRequest {
    label = Set.copyOf(label);
    keep = keep == null ? null : List.copyOf(keep);
  }

  /** The columns that are needed. */
  DatasetContract needed() {
    return settings.contract();
  }

  /** The columns that are needed, and of those that were declared the ones to keep. */
  DatasetContract neededOrKept() {
    DatasetContract columns = needed();
    for (String name : keep == null ? List.<String>of() : keep) {
      if (!columns.has(name) && declared.has(name)) {
        columns = columns.with(name, declared.type(name));
      }
    }
    requireKept(columns.names());
    return columns;
  }

  /**
   * Checks the columns to hand on.
   *
   * @throws InvalidInput (data) if one is not there
   */
  void requireKept(Collection<String> there) {
    if (keep == null) {
      return;
    }
    List<String> problems =
        keep.stream()
            .filter(name -> !there.contains(name))
            .map(
                name ->
                    "%s: predict.keep: no column %s, there are %s"
                        .formatted(settings.where(), name, there))
            .toList();
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /**
   * The new rows of a source that gives the columns of {@link #neededOrKept} and no others.
   *
   * @throws InvalidInput (data) if the source says that rows have positions, and they have none
   */
  NewRows declaredOnly(SourceRows read) {
    List<String> columns = neededOrKept().names();
    List<String> there = List.of(read.rows().columns());
    List<Column> selected = new ArrayList<>();
    selected.add(col(DatasetContract.SOURCE));
    selected.add(position(there));
    selected.add(lit(null).cast(DataTypes.StringType).as(NewRows.RECORD));
    selected.addAll(Arrays.asList(Columns.named(columns)));
    @Nullable String sourceColumn = settings.sourceColumn();
    if (sourceColumn != null && there.contains(sourceColumn)) {
      selected.add(Columns.named(sourceColumn));
    }
    return new NewRows(
        read.rows().select(selected.toArray(Column[]::new)),
        read.quarantined(),
        keep == null ? columns : keep,
        List.of(),
        read.notes(),
        read.presence());
  }

  private Column position(List<String> there) {
    if (!settings.format().hasPositions()) {
      return lit(null).cast(DataTypes.LongType).as(NewRows.POSITION);
    }
    if (!there.contains(NewRows.POSITION)) {
      throw InvalidInput.data(
          "%s: rows must have the column %s, as the source says, got %s"
              .formatted(settings.where(), NewRows.POSITION, there));
    }
    return col(NewRows.POSITION);
  }
}
