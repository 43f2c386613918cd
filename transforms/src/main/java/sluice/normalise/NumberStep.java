package sluice.normalise;

import java.util.Set;

/** A step from numbers to numbers that leaves missing values missing. */
public interface NumberStep extends Step {

  @Override
  default Set<Kind> accepts() {
    return Set.of(Kind.NUMBER, Kind.VECTOR);
  }

  @Override
  default Kind gives(Kind input) {
    return input;
  }
}
