package sluice.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leaves out the points of a line that no eye could tell from their neighbours. */
final class Thinning {
  private Thinning() {}

  /** The points as the chart draws them: at most {@link Chart#MOST_POINTS}, the ends included. */
  static List<List<@Nullable Double>> drawn(List<Point> points) {
    List<List<@Nullable Double>> drawn = new ArrayList<>();
    for (Point point : evenly(points)) {
      List<@Nullable Double> pair = new ArrayList<>(2);
      pair.add(Chart.number(point.x()));
      pair.add(Chart.number(point.y()));
      drawn.add(pair);
    }
    return drawn;
  }

  /** The points that follow each other at equal lengths of the line, seen in its own box. */
  private static List<Point> evenly(List<Point> points) {
    if (points.size() <= Chart.MOST_POINTS) {
      return points;
    }
    double width = span(points.stream().mapToDouble(Point::x).summaryStatistics());
    double height = span(points.stream().mapToDouble(Point::y).summaryStatistics());
    double[] travelled = new double[points.size()];
    for (int i = 1; i < travelled.length; i++) {
      Point from = points.get(i - 1);
      Point to = points.get(i);
      double step = Math.hypot((to.x() - from.x()) / width, (to.y() - from.y()) / height);
      travelled[i] = travelled[i - 1] + (Double.isFinite(step) ? step : 0);
    }
    double stride = travelled[travelled.length - 1] / (Chart.MOST_POINTS - 2);
    List<Point> kept = new ArrayList<>();
    double next = 0;
    for (int i = 0; i < travelled.length - 1; i++) {
      if (travelled[i] >= next) {
        kept.add(points.get(i));
        next += stride;
        while (next <= travelled[i] && stride > 0) {
          next += stride;
        }
      }
    }
    kept.add(points.get(points.size() - 1));
    return kept;
  }

  private static double span(java.util.DoubleSummaryStatistics range) {
    double span = range.getMax() - range.getMin();
    return Double.isFinite(span) && span > 0 ? span : 1;
  }

  /** At most {@code most} items at equal distances, first and last included. */
  static <T> List<T> sample(List<T> items, int most) {
    if (items.size() <= most) {
      return items;
    }
    List<T> sampled = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      sampled.add(items.get((int) Math.round((double) i * (items.size() - 1) / (most - 1))));
    }
    return sampled;
  }
}
