package sluice.network.compiled;

/**
 * Turns series, [features, time] for each example, into rows that lie step by step, [time,
 * examples, features], and back: the rows of a step are a matrix.
 */
final class StepRows {
  private final int width;
  private final int time;
  private final float[] series;
  private final float[] rows;
  private final float[] scratch;

  StepRows(int width, int time) {
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
      for (int step = 0; step < time; step++) {
        to.write((step * examples + i) * width, rows, step * width, width);
      }
    }
  }

  void toSeries(int examples, Block from, Block to) {
    for (int i = 0; i < examples; i++) {
      turn(i, examples, from);
      to.write(i * series.length, series, series.length);
    }
  }

  /** Adds to the gradient of a series. */
  void addToSeries(int examples, Block from, Block gradient) {
    float beta = gradient.beta();
    for (int i = 0; i < examples; i++) {
      turn(i, examples, from);
      gradient.add(beta, i * series.length, series, series.length, scratch);
    }
  }

  private void turn(int example, int examples, Block from) {
    for (int step = 0; step < time; step++) {
      from.read((step * examples + example) * width, rows, step * width, width);
    }
    Transposes.transpose(rows, 0, time, width, series, 0);
  }
}
