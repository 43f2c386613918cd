package sluice.normalise;

/** The fit of a step that learns nothing. */
public record NoFit(FittedStep step) implements Fit {
  private static final long serialVersionUID = 1L;

  @Override
  public void add(Object value) {}

  @Override
  public void merge(Fit other) {}

  @Override
  public boolean endScan() {
    return false;
  }

  @Override
  public boolean scans() {
    return false;
  }

  @Override
  public FittedStep finish(String where) {
    return step;
  }
}
