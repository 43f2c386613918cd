package sluice.data;

import java.io.Serializable;

/**
 * One column of a {@link DatasetContract}.
 *
 * @param name the column's name, compared case-sensitively
 * @param type the type of its values
 */
public record Field(String name, FieldType type) implements Serializable {
  public Field {
    if (name.isBlank()) {
      throw InvalidInput.data("a column name must not be blank");
    }
  }
}
