package sluice.normalise;

import java.util.Set;

/**
 * Puts a fixed value where one is missing. It learns nothing.
 *
 * @param value the value; before numbers it must be a finite number in text
 */
public record ImputeConstant(String value) implements Step {
  private static final long serialVersionUID = 1L;

  @Override
  public Set<Kind> accepts() {
    return isNumber() ? Set.of(Kind.NUMBER, Kind.TEXT) : Set.of(Kind.TEXT);
  }

  @Override
  public Kind gives(Kind input) {
    return input;
  }

  @Override
  public Fit fit(Kind input) {
    return new Known(
        input == Kind.NUMBER ? new FillNumber(Double.parseDouble(value)) : new FillText(value));
  }

  private boolean isNumber() {
    try {
      return Double.isFinite(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
