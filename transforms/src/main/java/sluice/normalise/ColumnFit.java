package sluice.normalise;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/**
 * The steps of one column, being fitted one after the other. Each scan feeds the first step that is
 * not fitted yet. At the end every train row must give a feature: as number steps are monotone, the
 * extremes of the last scan tell, and only where they fail, or where no step was ever scanned, one
 * more scan counts the rows that give none.
 */
final class ColumnFit implements Serializable {
  private static final long serialVersionUID = 1L;

  private enum Phase {
    FITTING,
    COUNTING,
    DONE
  }

  private final String group;
  private final String column;
  private final FieldType type;
  private final Kind entry;
  private final ArrayList<Step> steps;
  private final ArrayList<FittedStep> fitted = new ArrayList<>();
  private FittedColumn soFar;
  private Phase phase = Phase.FITTING;
  private @Nullable Fit fit;
  private Seen seen = new Seen();

  /** What a scan saw of the values: as they reach the fit, or as they come out when counting. */
  private static final class Seen implements Serializable {
    private static final long serialVersionUID = 1L;

    private long present;
    private long missing;
    private long refused;
    private @Nullable String refusal;
    private double @Nullable [] low;
    private double @Nullable [] high;

    /** Whether the values were vectors. */
    private boolean several;

    void add(Object value) {
      present++;
      if (value instanceof Double number) {
        widen(new double[] {number}, new double[] {number});
      } else if (value instanceof double[] numbers) {
        several = true;
        widen(numbers, numbers);
      }
    }

    void refuse(String reason) {
      refused++;
      if (refusal == null || reason.compareTo(refusal) < 0) {
        refusal = reason;
      }
    }

    void merge(Seen other) {
      present += other.present;
      missing += other.missing;
      several |= other.several;
      long before = refused;
      if (other.refusal != null) {
        refuse(other.refusal);
      }
      refused = before + other.refused;
      if (other.low != null && other.high != null) {
        widen(other.low, other.high);
      }
    }

    private void widen(double[] down, double[] up) {
      double[] low = this.low;
      double[] high = this.high;
      if (low == null || high == null) {
        this.low = down.clone();
        this.high = up.clone();
        return;
      }
      for (int i = 0; i < low.length; i++) {
        low[i] = Math.min(low[i], down[i]);
        high[i] = Math.max(high[i], up[i]);
      }
    }
  }

  ColumnFit(String group, String column, FieldType type, List<Step> steps) {
    this.group = group;
    this.column = column;
    this.type = type;
    this.steps = new ArrayList<>(steps);
    entry = StepChain.of(type, steps).entry();
    soFar = new FittedColumn(column, type, entry, fitted);
    advance();
    if (fit == null) {
      phase = Phase.COUNTING;
    }
  }

  /** A column whose steps were fitted before: what is left is to see that every row has a value. */
  ColumnFit(String group, FittedColumn known) {
    this.group = group;
    column = known.column();
    type = known.type();
    entry = known.entry();
    steps = new ArrayList<>();
    fitted.addAll(known.steps());
    soFar = known;
    phase = Phase.COUNTING;
  }

  String column() {
    return column;
  }

  /** Whether the column takes part in the next scan. */
  boolean scans() {
    return phase != Phase.DONE;
  }

  /** Whether raw values are to be added many at a time. */
  boolean inBatches() {
    return asked().inBatches();
  }

  /** What a scan asks for values: where they are only counted, what they come out as is nothing. */
  private FittedColumn asked() {
    return phase == Phase.COUNTING ? soFar.deciding() : soFar;
  }

  /** Adds raw values. */
  void add(@Nullable Object[] raw) {
    @Nullable Object[] values = asked().values(raw);
    for (int i = 0; i < raw.length; i++) {
      Object value = values[i];
      if (phase == Phase.COUNTING) {
        count(raw[i], value);
      } else if (value == null) {
        seen.missing++;
      } else {
        seen.add(value);
        fitting().add(value);
      }
    }
  }

  private void count(@Nullable Object raw, @Nullable Object value) {
    if (FittedColumn.usable(value)) {
      seen.present++;
    } else if (RawValues.value(entry, raw) == null
        && fitted.stream().allMatch(s -> s.value(null) == null)) {
      seen.missing++;
    } else {
      seen.refuse(Objects.requireNonNull(soFar.rejection(raw)));
    }
  }

  /** Adds what another copy saw in the same scan. */
  void merge(ColumnFit other) {
    seen.merge(other.seen);
    if (phase == Phase.FITTING) {
      fitting().merge(other.fitting());
    }
  }

  private Fit fitting() {
    if (fit == null) {
      throw new IllegalStateException(column + " has no step to fit");
    }
    return fit;
  }

  /** Ends a scan over so many rows; problems are added to the list, and then the column is done. */
  void endScan(long rows, List<String> problems) {
    Seen scan = seen;
    seen = new Seen();
    try {
      if (phase == Phase.COUNTING) {
        phase = Phase.DONE;
        report(scan, rows);
      } else {
        endFit(scan);
      }
    } catch (InvalidInput e) {
      phase = Phase.DONE;
      problems.addAll(e.problems());
    }
  }

  private void endFit(Seen scan) {
    String where = where() + ": " + Steps.TYPES.name(steps.get(0));
    if (scan.present == 0) {
      throw InvalidInput.data(
          where + ": needs at least one train row with a value, and the column has none");
    }
    Fit ending = fitting();
    if (ending.endScan()) {
      return;
    }
    fitted.add(ending.finish(where));
    steps.remove(0);
    int scanned = fitted.size() - 1;
    advance();
    if (fit == null) {
      FittedColumn rest =
          new FittedColumn(column, type, entry, fitted.subList(scanned, fitted.size()));
      phase = whole(rest, scan) ? Phase.DONE : Phase.COUNTING;
    }
  }

  /** Takes on the next step that needs a scan, past those that need none; null if there is none. */
  private void advance() {
    fit = null;
    while (!steps.isEmpty()) {
      Step step = steps.get(0);
      soFar = new FittedColumn(column, type, entry, fitted);
      Kind input = soFar.gives();
      Fit next =
          input == Kind.VECTOR
              ? new PerPositionStep.Fits(step, Math.toIntExact(soFar.size()))
              : step.fit(input);
      if (next.scans()) {
        fit = next;
        return;
      }
      fitted.add(next.finish(where()));
      steps.remove(0);
    }
    soFar = new FittedColumn(column, type, entry, fitted);
  }

  /** Whether every value that a scan saw gives a feature after the steps that remained. */
  private static boolean whole(FittedColumn rest, Seen scan) {
    if (scan.missing > 0 && !FittedColumn.usable(rest.after(null))) {
      return false;
    }
    if (scan.low == null || scan.high == null) {
      return true;
    }
    return FittedColumn.usable(rest.after(scan.several ? scan.low : scan.low[0]))
        && FittedColumn.usable(rest.after(scan.several ? scan.high : scan.high[0]));
  }

  private void report(Seen scan, long rows) {
    List<String> problems = new ArrayList<>();
    if (scan.missing > 0) {
      problems.add(
          "%s: missing on %d of %d train rows, and no impute step fills it; %s"
              .formatted(where(), scan.missing, rows, advice()));
    }
    if (scan.refused > 0) {
      problems.add(
          "%s: gives no feature on %s of %s train rows, as where %s"
              .formatted(where(), scan.refused, rows, scan.refusal));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private String advice() {
    return switch (entry) {
      case NUMBER -> "add impute-median to its steps, or a reject-missing rule";
      case TEXT, TIME ->
          "add impute-mode or impute-constant to its steps, or a reject-missing rule";
      case BYTES, INDEX, VECTOR, SERIES, WEIGHTED_SERIES -> "add a reject-missing rule";
    };
  }

  private String where() {
    return "group %s, column %s".formatted(group, column);
  }

  FittedColumn fitted() {
    return soFar;
  }
}
