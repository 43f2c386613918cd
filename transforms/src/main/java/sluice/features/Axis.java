package sluice.features;

import java.util.List;
import sluice.data.InvalidInput;

/**
 * An axis of a tensor.
 *
 * @param name what its positions are, as in {@code column} or {@code height}
 * @param size how many positions it has; {@value #VARYING} if each example has a number of its own
 * @param names what each position stands for, as in {@code age} or {@code timestamp.hour}; empty if
 *     the positions have no names, as those of pixels
 */
public record Axis(String name, int size, List<String> names) {
  /** The size of an axis that each example has a size of its own for. */
  public static final int VARYING = -1;

  public Axis {
    names = List.copyOf(names);
    if (size < 1 && size != VARYING) {
      throw InvalidInput.data(
          "axis %s: the size must be at least 1, or %s if it varies, got %s"
              .formatted(name, VARYING, size));
    }
    if (!names.isEmpty() && names.size() != size) {
      throw InvalidInput.data(
          "axis %s: must have a name for each of %s positions or none, got %s"
              .formatted(name, size, names.size()));
    }
  }
}
