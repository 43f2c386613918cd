package sluice.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code report.js} draws: data and words, no code. Names are shortened here; numbers carry
 * six significant figures, more than any screen shows.
 */
sealed interface Chart {
  /** Series colours in the style sheet; a chart with more series goes round. */
  int COLOURS = 8;

  /** Points of a line that are drawn; more would be closer together than pixels. */
  int MOST_POINTS = 400;

  /** Which drawing function serves it. */
  @JsonProperty
  String kind();

  /** The names in the legend; none or one means no legend. */
  @JsonIgnore
  default List<String> names() {
    return List.of();
  }

  /** Six significant figures, or null for what is not a number. */
  static @Nullable Double number(@Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? null
        : new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }

  /** {@link #number} of each. */
  static List<@Nullable Double> numbers(List<Double> values) {
    List<@Nullable Double> rounded = new ArrayList<>(values.size());
    values.forEach(value -> rounded.add(number(value)));
    return rounded;
  }

  /** A title along an axis and, if known, where it starts and ends. */
  record Axis(String name, @Nullable Double min, @Nullable Double max, Scale scale) {
    public Axis {
      name = Text.shortened(name, Text.LONGEST_NAME);
      min = number(min);
      max = number(max);
    }

    static Axis free(String name) {
      return new Axis(name, null, null, Scale.LINEAR);
    }

    static Axis unit(String name) {
      return new Axis(name, 0.0, 1.0, Scale.LINEAR);
    }
  }

  /** How an axis spaces its values. */
  enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  /** One line: its name and its points, each x and y. */
  record Line(String name, Marks marks, List<List<@Nullable Double>> points) {
    public Line {
      name = Text.name(name);
    }
  }

  /** Whether a line shows its points. */
  enum Marks {
    NONE,
    POINTS
  }

  /** A reference line: vertical at x, horizontal at y, or the diagonal when both are null. */
  record Guide(@Nullable Double x, @Nullable Double y, String label) {
    public Guide {
      x = number(x);
      y = number(y);
    }
  }

  /** Lines over a continuous axis. */
  record Lines(Axis x, Axis y, List<Line> lines, List<Guide> guides) implements Chart {
    @Override
    public String kind() {
      return "lines";
    }

    @Override
    public List<String> names() {
      return lines.stream().map(Line::name).toList();
    }
  }

  /** Counts between edges; there is one edge more than counts. */
  record Histogram(Axis x, Axis y, List<@Nullable Double> edges, List<Long> counts)
      implements Chart {
    @Override
    public String kind() {
      return "histogram";
    }
  }

  /** Horizontal bars with an interval each, first to last from the top. */
  record Intervals(Axis x, List<IntervalBar> bars) implements Chart {
    @Override
    public String kind() {
      return "intervals";
    }
  }

  /** One bar of {@link Intervals}. */
  record IntervalBar(
      String name, @Nullable Double value, @Nullable Double low, @Nullable Double high) {
    public IntervalBar {
      name = Text.name(name);
      value = number(value);
      low = number(low);
      high = number(high);
    }
  }

  /**
   * A grid of cells with values from 0 to 1, {@code values.get(row).get(column)}, row 0 lowest.
   *
   * @param palette density (nothing to full) or diverging (one class to the other)
   * @param points what is drawn on the cells
   */
  record Cells(
      Axis x,
      Axis y,
      List<@Nullable Double> xEdges,
      List<@Nullable Double> yEdges,
      List<List<@Nullable Double>> values,
      Palette palette,
      List<Point> points,
      List<Guide> guides)
      implements Chart {
    @Override
    public String kind() {
      return "cells";
    }
  }

  /** How a cell's value becomes a colour. */
  enum Palette {
    DENSITY,
    DIVERGING
  }

  /** A point on {@link Cells}: which side of the palette it belongs to, and its tooltip. */
  record Point(@Nullable Double x, @Nullable Double y, int side, String label) {
    public Point {
      x = number(x);
      y = number(y);
      label = Text.shortened(label, 2 * Text.LONGEST_NAME);
    }
  }
}
