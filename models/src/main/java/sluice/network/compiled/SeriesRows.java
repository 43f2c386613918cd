package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Turns series, [features, time] for each example, into rows, and back. */
final class SeriesRows {
  /** How the rows of a minibatch lie one behind the other. */
  enum Order {
    /** [examples, time, features]. */
    BY_EXAMPLE,
    /** [time, examples, features]: the rows of a step are a matrix. */
    BY_STEP
  }

  private final Order order;
  private final int width;
  private final int time;
  private final float[] series;
  private final float[] rows;
  private final float[] scratch;

  SeriesRows(Order order, int width, int time) {
    this.order = order;
    this.width = width;
    this.time = time;
    series = new float[width * time];
    rows = new float[width * time];
    scratch = new float[width * time];
  }

  void toRows(int examples, Block from, Block to) {
    toRows(examples, from, null, to);
  }

  /** Turns series whose steps are multiplied by a mask, if there is one. */
  void toRows(int examples, Block from, @Nullable StepMask mask, Block to) {
    for (int i = 0; i < examples; i++) {
      from.read(i * series.length, series, series.length);
      if (mask != null) {
        mask.multiplySeries(i, series, width);
      }
      Transposes.transpose(series, 0, width, time, rows, 0);
      switch (order) {
        case BY_EXAMPLE -> to.write(i * rows.length, rows, rows.length);
        case BY_STEP -> {
          for (int step = 0; step < time; step++) {
            to.write((step * examples + i) * width, rows, step * width, width);
          }
        }
      }
    }
  }

  void toSeries(int examples, Block from, Block to) {
    toSeries(examples, from, null, to);
  }

  /** Turns rows, and multiplies the steps of the series by a mask, if there is one. */
  void toSeries(int examples, Block from, @Nullable StepMask mask, Block to) {
    for (int i = 0; i < examples; i++) {
      turn(i, examples, from);
      if (mask != null) {
        mask.multiplySeries(i, series, width);
      }
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
    switch (order) {
      case BY_EXAMPLE -> from.read(example * rows.length, rows, rows.length);
      case BY_STEP -> {
        for (int step = 0; step < time; step++) {
          from.read((step * examples + example) * width, rows, step * width, width);
        }
      }
    }
    Transposes.transpose(rows, 0, time, width, series, 0);
  }

  /**
   * Turns series whose steps are multiplied by a mask, if there is one, into rows without padding.
   */
  void toRows(StepRows steps, Block from, @Nullable StepMask mask, Block to) {
    for (int i = 0; i < steps.examples(); i++) {
      int length = steps.length(i);
      int example = steps.first() + i;
      from.read(example * series.length, series, series.length);
      if (mask != null) {
        mask.multiplySeries(example, series, width);
      }
      Transposes.transpose(series, 0, width, length, time, rows, 0, width);
      to.write(steps.start(i) * width, rows, length * width);
    }
  }

  /** Turns rows without padding, and multiplies the steps of the series by a mask. */
  void toSeries(StepRows steps, Block from, StepMask mask, Block to) {
    for (int i = 0; i < steps.examples(); i++) {
      int example = steps.first() + i;
      turn(i, steps, from);
      mask.multiplySeries(example, series, width);
      to.write(example * series.length, series, series.length);
    }
  }

  /** Adds rows without padding to the gradient of a series. */
  void addToSeries(StepRows steps, Block from, Block gradient) {
    float beta = gradient.beta();
    for (int i = 0; i < steps.examples(); i++) {
      turn(i, steps, from);
      gradient.add(beta, i * series.length, series, series.length, scratch);
    }
  }

  private void turn(int example, StepRows steps, Block from) {
    int length = steps.length(example);
    from.read(steps.start(example) * width, rows, length * width);
    if (length < time) {
      Arrays.fill(series, 0);
    }
    Transposes.transpose(rows, 0, length, width, width, series, 0, time);
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
