package sluice.report;

import java.util.List;
import java.util.Locale;

/**
 * A small drawing in a line or a table cell, made of numbers alone: it needs no script, prints
 * sharply and takes its colours from the style sheet. The numbers stand beside it, so it is hidden
 * from screen readers.
 *
 * @param svg the markup
 */
record Drawing(String svg) {
  private static final int WIDTH = 120;
  private static final int HEIGHT = 28;

  /** The line that stands for a chart's series in its legend. */
  static Drawing legendKey(int series) {
    return new Drawing(
        "<svg class=\"key\" viewBox=\"0 0 22 10\" width=\"22\" height=\"10\" aria-hidden=\"true\">"
            + "<path class=\"line s%d\" d=\"M0 5H22\"/></svg>".formatted(series % Chart.COLOURS));
  }

  /** Bars of a histogram; the highest fills the height. */
  static Drawing histogram(List<Long> counts) {
    long most = Math.max(1, counts.stream().mapToLong(Long::longValue).max().orElse(1));
    StringBuilder bars = new StringBuilder();
    double width = (double) WIDTH / Math.max(1, counts.size());
    for (int i = 0; i < counts.size(); i++) {
      double height = counts.get(i) == 0 ? 0 : Math.max(1, HEIGHT * (double) counts.get(i) / most);
      bars.append(rectangle(i * width, HEIGHT - height, Math.max(0.5, width - 1), height));
    }
    return framed(bars.toString());
  }

  /** An interval as a whisker with a dot, on a scale shared by the rows of a table. */
  static Drawing interval(double value, double low, double high, double from, double to) {
    double span = to > from ? to - from : 1;
    double x = 4 + (WIDTH - 8) * (value - from) / span;
    double left = 4 + (WIDTH - 8) * (low - from) / span;
    double right = 4 + (WIDTH - 8) * (high - from) / span;
    String middle = number(HEIGHT / 2.0);
    return framed(
        "<path class=\"whisker\" d=\"M%s %sH%s\"/><circle cx=\"%s\" cy=\"%s\" r=\"3.5\"/>"
            .formatted(number(left), middle, number(right), number(x), middle));
  }

  /** A bar that fills a share of its width. */
  static Drawing bar(double share) {
    double filled = Math.max(0, Math.min(1, share)) * WIDTH;
    return new Drawing(
        "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                .formatted(WIDTH)
            + "<rect class=\"track\" x=\"0\" y=\"0\" width=\"%d\" height=\"10\"/>".formatted(WIDTH)
            + rectangle(0, 0, filled, 10)
            + "</svg>");
  }

  private static Drawing framed(String shapes) {
    return new Drawing(
        "<svg class=\"spark\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" aria-hidden=\"true\">"
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT)
            + shapes
            + "</svg>");
  }

  private static String rectangle(double x, double y, double width, double height) {
    return "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
        .formatted(number(x), number(y), number(width), number(height));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
