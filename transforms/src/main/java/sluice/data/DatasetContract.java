package sluice.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a table: names and types, in order. A stage checks it against a schema before it
 * starts any Spark job, and a bundle carries it so that a record can be checked without Spark.
 *
 * @param fields the columns; names are unique, and none begins with an underscore, which marks
 *     Sluice's own columns ({@link #KEY}, {@link #SOURCE}, {@link #PART})
 */
public record DatasetContract(List<Field> fields) implements Serializable {
  /**
   * The column that identifies a row: in every table from {@code raw} on, as {@link RowKey} has it.
   * New rows that are scored have a text there.
   */
  public static final String KEY = "_key";

  /**
   * The file that a row was read from, a string: in {@code raw}, {@code clean} and {@code split}.
   */
  public static final String SOURCE = "_source";

  /**
   * What goes along with a row and is not looked at, of any type: the rest of a row that is scored.
   * Tables need not have it.
   */
  public static final String ALONG = "_along";

  /**
   * The part of the split, a string: in {@code split}, and before it where files are given for
   * parts.
   */
  public static final String PART = "_part";

  public DatasetContract {
    fields = List.copyOf(fields);
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Field field : fields) {
      if (!seen.add(field.name())) {
        problems.add("column " + field.name() + " is there twice");
      }
      if (field.name().startsWith("_")) {
        problems.add(
            "column " + field.name() + " must not begin with an underscore, which is reserved");
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  public boolean has(String column) {
    return fields.stream().anyMatch(f -> f.name().equals(column));
  }

  /**
   * The type of a column.
   *
   * @throws InvalidInput (data) if there is no such column; names one that is near or those there
   *     are
   */
  public FieldType type(String column) {
    return fields.stream()
        .filter(f -> f.name().equals(column))
        .findFirst()
        .map(Field::type)
        .orElseThrow(() -> InvalidInput.data(unknown(column)));
  }

  /** What is said of a column that is not there. */
  public String unknown(String column) {
    return Nearest.to(column, names())
        .map(near -> "no column %s; did you mean %s?".formatted(column, near))
        .orElseGet(() -> "no column %s, there are %s".formatted(column, names()));
  }

  /** The column names in order. */
  public List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** This contract with a column set, in its place if it exists, else at the end. */
  public DatasetContract with(String column, FieldType type) {
    List<Field> changed = new ArrayList<>(fields);
    Field field = new Field(column, type);
    int at = names().indexOf(column);
    if (at < 0) {
      changed.add(field);
    } else {
      changed.set(at, field);
    }
    return new DatasetContract(changed);
  }

  /** This contract without a column. */
  public DatasetContract without(String column) {
    return new DatasetContract(fields.stream().filter(f -> !f.name().equals(column)).toList());
  }

  /** This contract with a column under a new name, in its old place. */
  public DatasetContract renamed(String from, String to) {
    return new DatasetContract(
        fields.stream().map(f -> f.name().equals(from) ? new Field(to, f.type()) : f).toList());
  }

  /** Spark DDL, as in {@code age int, job string}. */
  public String ddl() {
    return fields.stream()
        .map(f -> "`" + f.name().replace("`", "``") + "` " + f.type().ddl())
        .collect(Collectors.joining(", "));
  }
}
