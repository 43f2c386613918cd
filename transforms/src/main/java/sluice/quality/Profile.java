package sluice.quality;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.statistics.ExactSum;
import sluice.statistics.OrderSelection;

/**
 * Profiles of the columns of a table, exact and independent of the order of rows, all columns in
 * the same two or few scans.
 */
public final class Profile {
  /** Above this the values of a column are not told apart any more. */
  static final int MOST_DISTINCT = 10_000;

  /** How many of the most frequent values are named. */
  static final int TOP = 12;

  private static final int BINS = 24;
  private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1, 0.01, 0.99};

  private Profile() {}

  /** The profile of each column of the contract, in its order. */
  public static List<ColumnProfile> of(Dataset<Row> rows, DatasetContract contract) {
    Column[] columns =
        contract.fields().stream().map(f -> Columns.named(f.name())).toArray(Column[]::new);
    for (int i = 0; i < columns.length; i++) {
      FieldType type = contract.fields().get(i).type();
      // Of bytes only the number is looked at.
      columns[i] =
          type == FieldType.BINARY
              ? concat(octet_length(columns[i]), lit(" bytes"))
              : columns[i].cast(type.isNumber() ? "double" : "string");
    }
    JavaRDD<Row> values = rows.select(columns).toJavaRDD();
    boolean[] numeric = new boolean[columns.length];
    for (int i = 0; i < columns.length; i++) {
      numeric[i] = contract.fields().get(i).type().isNumber();
    }
    Sketches sketches = scan(values, new Sketches(numeric));
    boolean more = false;
    for (Sketch sketch : sketches.columns) {
      more |= sketch.select();
    }
    // The histograms' bounds are known once no selection wants another scan.
    while (more) {
      sketches = scan(values, sketches);
      more = false;
      for (Sketch sketch : sketches.columns) {
        more |= sketch.endScan();
      }
    }
    for (Sketch sketch : sketches.columns) {
      sketch.startHistogram();
    }
    sketches = scan(values, sketches);
    List<ColumnProfile> profiles = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      profiles.add(sketches.columns.get(i).profile(contract.fields().get(i)));
    }
    return profiles;
  }

  private static Sketches scan(JavaRDD<Row> values, Sketches start) {
    return values.treeAggregate(start, Sketches::add, Sketches::merge);
  }

  /** One sketch a column. */
  private static final class Sketches implements Serializable {
    private static final long serialVersionUID = 1L;
    private final ArrayList<Sketch> columns = new ArrayList<>();

    Sketches(boolean[] numeric) {
      for (boolean number : numeric) {
        columns.add(new Sketch(number));
      }
    }

    Sketches add(Row row) {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).add(row.isNullAt(i) ? null : row.get(i));
      }
      return this;
    }

    Sketches merge(Sketches other) {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).merge(other.columns.get(i));
      }
      return this;
    }
  }

  private enum Phase {
    COUNTING,
    SELECTING,
    HISTOGRAM
  }

  /** What is known of one column so far; a scan adds to what is empty when it begins. */
  private static final class Sketch implements Serializable {
    private static final long serialVersionUID = 1L;

    private final boolean numeric;
    private Phase phase = Phase.COUNTING;
    private long rows;
    private long missing;
    private long notFinite;
    private @Nullable TreeMap<String, Long> counts = new TreeMap<>();
    private ExactSum sum = new ExactSum();
    private OrderSelection order = new OrderSelection();
    private long[] histogram = new long[0];
    private double low;
    private double high;

    /** Facts of the first scan, kept apart from what later scans add up. */
    private Facts facts = new Facts(0, 0, 0, null, 0);

    private record Facts(
        long rows, long missing, long notFinite, @Nullable TreeMap<String, Long> counts, double sum)
        implements Serializable {}

    Sketch(boolean numeric) {
      this.numeric = numeric;
    }

    void add(@Nullable Object value) {
      switch (phase) {
        case COUNTING -> count(value);
        case SELECTING -> {
          if (value instanceof Double number && Double.isFinite(number)) {
            order.add(OrderSelection.ordered(number));
          }
        }
        case HISTOGRAM -> {
          if (histogram.length > 0 && value instanceof Double number && Double.isFinite(number)) {
            histogram[bin(number)]++;
          }
        }
      }
    }

    private void count(@Nullable Object value) {
      rows++;
      if (value == null) {
        missing++;
        return;
      }
      if (value instanceof Double number) {
        if (!Double.isFinite(number)) {
          notFinite++;
          return;
        }
        sum.add(number);
        order.add(OrderSelection.ordered(number));
      }
      if (counts != null) {
        counts.merge(text(value), 1L, Long::sum);
        forgetIfTooMany();
      }
    }

    private static String text(Object value) {
      if (value instanceof Double number
          && number == Math.rint(number)
          && Math.abs(number) < 1e15) {
        return Long.toString(number.longValue());
      }
      return value.toString();
    }

    private void forgetIfTooMany() {
      if (counts != null && counts.size() > MOST_DISTINCT) {
        counts = null;
      }
    }

    void merge(Sketch other) {
      switch (phase) {
        case COUNTING -> {
          rows += other.rows;
          missing += other.missing;
          notFinite += other.notFinite;
          sum.merge(other.sum);
          order.merge(other.order);
          if (counts != null && other.counts != null) {
            for (Map.Entry<String, Long> entry : other.counts.entrySet()) {
              counts.merge(entry.getKey(), entry.getValue(), Long::sum);
            }
            forgetIfTooMany();
          } else {
            counts = null;
          }
        }
        case SELECTING -> order.merge(other.order);
        case HISTOGRAM -> {
          for (int i = 0; i < histogram.length; i++) {
            histogram[i] += other.histogram[i];
          }
        }
      }
    }

    boolean select() {
      phase = Phase.SELECTING;
      facts = new Facts(rows, missing, notFinite, counts, sum.value());
      counts = null;
      sum = new ExactSum();
      if (order.count() == 0) {
        return false;
      }
      long[] ranks = new long[SHARES.length];
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = (long) (SHARES[i] * (order.count() - 1));
      }
      return order.select(ranks);
    }

    boolean endScan() {
      return order.count() > 0 && order.endScan();
    }

    void startHistogram() {
      phase = Phase.HISTOGRAM;
      if (order.count() > 0) {
        low = selected(5);
        high = selected(6);
        histogram = new long[low < high ? BINS : 1];
      }
    }

    private double selected(int index) {
      return OrderSelection.unordered(order.selected(index));
    }

    private int bin(double value) {
      if (!(low < high)) {
        return 0;
      }
      // Halves, as the difference of two finite numbers may not be finite.
      double position = (value / 2 - low / 2) / (high / 2 - low / 2) * BINS;
      return (int) Math.max(0, Math.min(BINS - 1, position));
    }

    ColumnProfile profile(Field field) {
      ColumnProfile.Numbers numbers = null;
      if (numeric && order.count() > 0) {
        List<Long> bins = new ArrayList<>();
        for (long count : histogram) {
          bins.add(count);
        }
        numbers =
            new ColumnProfile.Numbers(
                selected(0),
                selected(1),
                selected(2),
                selected(3),
                selected(4),
                facts.sum() / order.count(),
                bins,
                low,
                high);
      }
      @Nullable TreeMap<String, Long> known = facts.counts();
      List<ColumnProfile.Count> top =
          known == null
              ? List.of()
              : known.entrySet().stream()
                  .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                  .limit(TOP)
                  .map(e -> new ColumnProfile.Count(e.getKey(), e.getValue()))
                  .toList();
      return new ColumnProfile(
          field.name(),
          field.type().ddl(),
          facts.rows(),
          facts.missing(),
          facts.notFinite(),
          known == null || field.type() == FieldType.BINARY ? null : (long) known.size(),
          numbers,
          top);
    }
  }
}
