package sluice.normalise;

import java.util.EnumSet;
import java.util.Set;

/**
 * Puts a fixed value where one is missing. It learns nothing.
 *
 * @param value the value; before numbers it must be a finite number in text, before times a date or
 *     a date with a time in ISO 8601
 */
public record ImputeConstant(String value) implements Step {
  private static final long serialVersionUID = 1L;

  @Override
  public Set<Kind> accepts() {
    Set<Kind> kinds = EnumSet.of(Kind.TEXT);
    if (isNumber()) {
      kinds.add(Kind.NUMBER);
    }
    if (FillTime.parsed(value) != null) {
      kinds.add(Kind.TIME);
    }
    return kinds;
  }

  @Override
  public Kind gives(Kind input) {
    return input;
  }

  @Override
  public Fit fit(Kind input) {
    return new NoFit(
        switch (input) {
          case NUMBER -> new FillNumber(Double.parseDouble(value));
          case TIME -> new FillTime(value);
          default -> new FillText(value);
        });
  }

  private boolean isNumber() {
    try {
      return Double.isFinite(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
