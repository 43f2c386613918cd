package sluice.split;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.Decimal;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/**
 * How rows are divided into train, validation and test.
 *
 * @param by the rule
 * @param train the share of the train part, above 0 and at most 1; the three shares sum to 1 within
 *     1e-9. {@link By#COLUMN} and {@link By#NONE} have no shares of their own and do not read them.
 *     With {@link By#AUTO} {@link #shareProblems} holds the shares against each other, as only the
 *     share of validation is read where files are given for parts
 * @param validation the share of the validation part, 0 to 1
 * @param test the share of the test part, 0 to 1
 * @param stratifyBy the column in each of whose values the shares hold; only with {@link By#AUTO}
 *     and {@link By#RANK}
 * @param column the column of groups, times or parts; with {@link By#GROUP}, {@link By#TIME} and
 *     {@link By#COLUMN}, and only there
 */
public record SplitSettings(
    By by,
    double train,
    double validation,
    double test,
    @Nullable String stratifyBy,
    @Nullable String column)
    implements Serializable {

  /** What decides on a row's part. Equal rows share a part by every rule but {@link #COLUMN}. */
  public enum By {
    /** As {@link #RANK}; where files are given for parts, their rows are of these parts. */
    AUTO,
    /** The rank of the key's seeded hash among the rows of its stratum: exact shares. */
    RANK,
    /**
     * The key's seeded hash against fixed thresholds: shares are approximate, and a row keeps its
     * part when others come or go.
     */
    HASH,
    /**
     * As {@link #HASH}, of the group's value: the rows of a group share a part. A row without a
     * group stands by itself and goes by its key.
     */
    GROUP,
    /** The rank of a time: the earliest rows train, the latest test. Equal times share a part. */
    TIME,
    /** The data's own split: {@code train}, {@code validation} and {@code test} in a column. */
    COLUMN,
    /** Train and test are the same rows; there is no validation part. */
    NONE;

    /** The rule's name in a configuration. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean ranks() {
      return this == AUTO || this == RANK;
    }

    private boolean readsColumn() {
      return this == GROUP || this == TIME || this == COLUMN;
    }
  }

  public SplitSettings {
    List<String> problems = new ArrayList<>();
    checkShare(problems, "train", train);
    checkShare(problems, "validation", validation);
    checkShare(problems, "test", test);
    if (problems.isEmpty() && by != By.AUTO) {
      problems.addAll(shareProblems(by, train, validation, test));
    }
    if (stratifyBy != null && !by.ranks()) {
      problems.add(
          "stratify-by is for by = auto or rank only, got %s with by = %s"
              .formatted(stratifyBy, by.text()));
    }
    if (column == null && by.readsColumn()) {
      problems.add("column must be given with by = %s, got none".formatted(by.text()));
    }
    if (column != null && !by.readsColumn()) {
      problems.add(
          "column is for by = group, time or column only, got %s with by = %s"
              .formatted(column, by.text()));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /**
   * What is wrong with the shares of rows that have no part yet: all problems, or none. Each begins
   * with a key of the section.
   */
  public List<String> shareProblems() {
    return shareProblems(by, train, validation, test);
  }

  private static List<String> shareProblems(By by, double train, double validation, double test) {
    List<String> problems = new ArrayList<>();
    if (by == By.COLUMN || by == By.NONE) {
      return problems;
    }
    double sum = train + validation + test;
    if (Math.abs(sum - 1) > 1e-9) {
      problems.add(
          "train, validation and test must sum to 1, got %s + %s + %s = %s"
              .formatted(
                  Decimal.text(train),
                  Decimal.text(validation),
                  Decimal.text(test),
                  Decimal.text(sum)));
    }
    if (train == 0) {
      problems.add("train must be above 0, got 0.0");
    }
    return problems;
  }

  /** Why these settings do not fit a table: all problems, or none. It reads no data. */
  public List<String> problems(DatasetContract contract) {
    List<String> problems = new ArrayList<>();
    if (stratifyBy != null && !contract.has(stratifyBy)) {
      problems.add("split.stratify-by: " + contract.unknown(stratifyBy));
    }
    if (column == null) {
      return problems;
    }
    if (!contract.has(column)) {
      problems.add("split.column: " + contract.unknown(column));
      return problems;
    }
    FieldType type = contract.type(column);
    if (by == By.TIME && !type.isNumber() && !type.isTime()) {
      problems.add(
          "split.column: column %s must be a date, a timestamp or a number with split.by = time, got %s"
              .formatted(column, type.ddl()));
    }
    return problems;
  }

  private static void checkShare(List<String> problems, String name, double share) {
    if (!(share >= 0 && share <= 1)) {
      problems.add("%s must be from 0 to 1, got %s".formatted(name, share));
    }
  }

  /** Whether the model is judged on the rows that it was trained on. */
  public boolean sameRows() {
    return by == By.NONE;
  }

  /** How the validation part is cut from train rows: by rank, its share of them. */
  SplitSettings cutFromTrain() {
    double rest = BigDecimal.ONE.subtract(BigDecimal.valueOf(validation)).doubleValue();
    return new SplitSettings(By.RANK, rest, validation, 0, stratifyBy, null);
  }

  /** The share of a part. */
  public double share(Part part) {
    return switch (part) {
      case TRAIN -> train;
      case VALIDATION -> validation;
      case TEST -> test;
    };
  }

  /**
   * The parts' exact row counts: each share of the rows rounded down, and the rows that are left
   * one each to the largest remainders, at a tie in the order train, validation, test. Computed in
   * decimal, as the shares are written.
   */
  public Map<Part, Long> counts(long rows) {
    BigDecimal sum =
        BigDecimal.valueOf(train).add(BigDecimal.valueOf(validation)).add(BigDecimal.valueOf(test));
    Map<Part, Long> counts = new EnumMap<>(Part.class);
    Map<Part, BigDecimal> remainders = new EnumMap<>(Part.class);
    long left = rows;
    for (Part part : Part.values()) {
      BigDecimal[] quota =
          BigDecimal.valueOf(share(part))
              .multiply(BigDecimal.valueOf(rows))
              .divideAndRemainder(sum);
      counts.put(part, quota[0].longValueExact());
      remainders.put(part, quota[1]);
      left -= quota[0].longValueExact();
    }
    remainders.entrySet().stream()
        .sorted(Map.Entry.<Part, BigDecimal>comparingByValue().reversed())
        .limit(left)
        .forEach(entry -> counts.merge(entry.getKey(), 1L, Long::sum));
    return counts;
  }

  /** The part of a hash by fixed thresholds: the unit interval in the order of the parts. */
  Part partOf(long hash) {
    double unit = (hash >>> 11) * 0x1p-53;
    if (unit < train || validation + test == 0) {
      return Part.TRAIN;
    }
    return unit < train + validation || test == 0 ? Part.VALIDATION : Part.TEST;
  }
}
