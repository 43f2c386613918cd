package sluice.network.compiled;

/** Turns series, [features, time] for each example, into rows, [time, features], and back. */
final class SeriesRows {
  private final int width;
  private final int time;
  private final float[] series;
  private final float[] rows;
  private final float[] scratch;

  SeriesRows(int width, int time) {
    this.width = width;
    this.time = time;
    series = new float[width * time];
    rows = new float[width * time];
    scratch = new float[width * time];
  }

  void toRows(int examples, Block from, Block to) {
    for (int i = 0; i < examples; i++) {
      from.read(i * series.length, series, series.length);
      Transposes.transpose(series, 0, width, time, rows, 0);
      to.write(i * rows.length, rows, rows.length);
    }
  }

  /** Turns series whose steps are multiplied by a mask. */
  void toRows(int examples, Block from, StepMask mask, Block to) {
    for (int i = 0; i < examples; i++) {
      from.read(i * series.length, series, series.length);
      mask.multiplySeries(i, series, width);
      Transposes.transpose(series, 0, width, time, rows, 0);
      to.write(i * rows.length, rows, rows.length);
    }
  }

  /** Turns rows, and multiplies the steps of the series by a mask. */
  void toSeries(int examples, Block from, StepMask mask, Block to) {
    for (int i = 0; i < examples; i++) {
      turn(i, from);
      mask.multiplySeries(i, series, width);
      to.write(i * series.length, series, series.length);
    }
  }

  /** Adds to the gradient of a series. */
  void addToSeries(int examples, Block from, Block gradient) {
    float beta = gradient.beta();
    for (int i = 0; i < examples; i++) {
      turn(i, from);
      gradient.add(beta, i * series.length, series, series.length, scratch);
    }
  }

  private void turn(int example, Block from) {
    from.read(example * rows.length, rows, rows.length);
    Transposes.transpose(rows, 0, time, width, series, 0);
  }

  /** Looks at rows that lie in a block, some at a time. */
  static void look(int rows, int width, Block from, float[] some, NormRows.OnRows use) {
    int many = some.length / width;
    for (int row = 0; row < rows; row += many) {
      int count = Math.min(many, rows - row);
      from.read(row * width, some, count * width);
      use.apply(some, row, count);
    }
  }

  /** Passes over rows that lie in a block, some at a time. */
  static void pass(
      int rows, int width, Block from, float[] some, NormRows.OnRows change, Block to) {
    int many = some.length / width;
    for (int row = 0; row < rows; row += many) {
      int count = Math.min(many, rows - row);
      from.read(row * width, some, count * width);
      change.apply(some, row, count);
      to.write(row * width, some, count * width);
    }
  }
}
