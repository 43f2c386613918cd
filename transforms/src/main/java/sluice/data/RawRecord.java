package sluice.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One record in plain Java: column names to values, in column order; an absent value is null. It is
 * what a row of a table is to the Spark face of a rule or transform. Immutable; values have the
 * classes of {@link FieldType}. Bytes are not copied and not to be changed; equal ones are equal
 * values.
 */
public final class RawRecord {
  private final Map<String, @Nullable Object> values;

  private RawRecord(Map<String, @Nullable Object> values) {
    this.values = values;
  }

  /** A record with these values, which are copied. */
  public static RawRecord of(Map<String, ? extends @Nullable Object> values) {
    return new RawRecord(new LinkedHashMap<>(values));
  }

  /**
   * The value of a column, or null if it is missing.
   *
   * @throws IllegalArgumentException if the record has no such column
   */
  public @Nullable Object value(String column) {
    Object value = values.get(column);
    if (value == null && !values.containsKey(column)) {
      throw new IllegalArgumentException("no column " + column + " in " + values.keySet());
    }
    return value;
  }

  public boolean has(String column) {
    return values.containsKey(column);
  }

  /** The column names in order. */
  public Set<String> columns() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** This record with a column set, in its place if it exists, else at the end. */
  public RawRecord with(String column, @Nullable Object value) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
    copy.put(column, value);
    return new RawRecord(copy);
  }

  /** This record without a column. */
  public RawRecord without(String column) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
    copy.remove(column);
    return new RawRecord(copy);
  }

  /** This record with a column under a new name, in its old place. */
  public RawRecord renamed(String from, String to) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    values.forEach((name, value) -> copy.put(name.equals(from) ? to : name, value));
    return new RawRecord(copy);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawRecord record
        && record.columns().equals(columns())
        && columns().stream()
            .allMatch(column -> Objects.deepEquals(values.get(column), record.values.get(column)));
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
      Object value = entry.getValue();
      hash +=
          entry.getKey().hashCode()
              ^ (value instanceof byte[] bytes ? Arrays.hashCode(bytes) : Objects.hashCode(value));
    }
    return hash;
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
