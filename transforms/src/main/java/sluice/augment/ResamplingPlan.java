package sluice.augment;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.InvalidInput;
import sluice.data.RowKey;
import sluice.split.GroupRanks;
import sluice.statistics.GroupedSelection;

/**
 * How many examples are made of each row of some classes: so many that a class grows to an exact
 * count, as many of every row as go into it and one more of those whose keys have the least seeded
 * hashes; or of each as many.
 */
final class ResamplingPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The class with the fewest train rows, at a tie the one with the least index. */
  static final String MINORITY = "minority";

  /** Every class that has train rows. */
  static final String ALL = "all";

  /**
   * The copies of a class.
   *
   * @param rows the class's train rows
   * @param each copies made of each row
   * @param more rows of which one more is made
   * @param lastOfMore the hash of the last of these
   */
  private record Share(long rows, int each, long more, long lastOfMore) implements Serializable {}

  private final AugmentContext context;
  private final TreeMap<Integer, Share> shares = new TreeMap<>();

  private ResamplingPlan(AugmentContext context) {
    this.context = context;
  }

  /** Checks the parameters that steps over classes share; problems begin with the key. */
  static void check(List<String> classes, double ratio, List<String> problems) {
    if (classes.isEmpty()) {
      problems.add("classes must not be empty");
    }
    if (classes.size() > 1 && (classes.contains(MINORITY) || classes.contains(ALL))) {
      problems.add(
          "classes must be minority, all or a list of classes, got " + String.join(", ", classes));
    }
    if (!(ratio > 0 && Double.isFinite(ratio))) {
      problems.add("ratio must be above 0 and finite, got " + ratio);
    }
  }

  /**
   * Counts the classes, in one scan or two, and finds the copies.
   *
   * @param classes {@link #MINORITY}, {@link #ALL}, or classes by name or else by index
   * @param ratio a chosen class with fewer rows than this share of the largest class's, rounded,
   *     grows to it
   * @throws InvalidInput if the label is no class, or there is no such class with train rows
   */
  static ResamplingPlan plan(
      TrainFeatures train, List<String> classes, double ratio, AugmentContext context) {
    requireClasses(train, context);
    GroupedSelection selection =
        GroupRanks.select(
            train.rows(),
            col(FeatureLayout.LABEL).cast(DataTypes.StringType),
            RowKey.seededHash(context.seed(), context.stage(), col(FeatureLayout.KEY)),
            train.classes().size(),
            rows -> ranks(shares(rows, train.classes(), classes, ratio, context)));
    if (selection.overflowed()) {
      throw new IllegalStateException("more labels than classes " + train.classes());
    }
    ResamplingPlan copies = new ResamplingPlan(context);
    shares(selection.counts(), train.classes(), classes, ratio, context)
        .forEach(
            (label, share) ->
                copies.shares.put(
                    label,
                    share.more() == 0
                        ? share
                        : new Share(
                            share.rows(),
                            share.each(),
                            share.more(),
                            selection.selected(label.toString(), 0))));
    return copies;
  }

  /**
   * As many copies of each row of some classes, which one scan counts.
   *
   * @throws InvalidInput as {@link #plan}
   */
  static ResamplingPlan ofEachRow(
      TrainFeatures train, List<String> classes, int copies, AugmentContext context) {
    requireClasses(train, context);
    Map<Integer, Long> counts = new TreeMap<>();
    train
        .rows()
        .groupBy(FeatureLayout.LABEL)
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    ResamplingPlan plan = new ResamplingPlan(context);
    for (int label : labels(counts, train.classes(), classes, context)) {
      plan.shares.put(label, new Share(counts.getOrDefault(label, 0L), copies, 0, 0));
    }
    return plan;
  }

  private static void requireClasses(TrainFeatures train, AugmentContext context) {
    if (train.classes().isEmpty()) {
      throw InvalidInput.configuration(
          context.problem("needs a label with classes, the label is not of normalise type class"));
    }
  }

  /** How many copies are made of a row. */
  int of(int label, byte[] key) {
    Share share = shares.get(label);
    if (share == null) {
      return 0;
    }
    boolean more =
        share.more() > 0
            && RowKey.seededHash(context.seed(), context.stage(), key) <= share.lastOfMore();
    return share.each() + (more ? 1 : 0);
  }

  /** The classes that grow, by index, with the rows that they have. */
  Map<Integer, Long> growing() {
    Map<Integer, Long> growing = new TreeMap<>();
    shares.forEach((label, share) -> growing.put(label, share.rows()));
    return growing;
  }

  /** The most copies that are made of one row. */
  int most() {
    return shares.values().stream()
        .mapToInt(share -> share.each() + (share.more() > 0 ? 1 : 0))
        .max()
        .orElse(0);
  }

  private static Map<String, long[]> ranks(Map<Integer, Share> shares) {
    Map<String, long[]> ranks = new HashMap<>();
    shares.forEach(
        (label, share) -> {
          if (share.more() > 0) {
            ranks.put(label.toString(), new long[] {share.more() - 1});
          }
        });
    return ranks;
  }

  private static Map<Integer, Share> shares(
      Map<String, Long> rows,
      List<String> names,
      List<String> chosen,
      double ratio,
      AugmentContext context) {
    Map<Integer, Long> counts = new TreeMap<>();
    rows.forEach((label, count) -> counts.put(Integer.valueOf(label), count));
    long largest = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    long target = Math.round(ratio * largest);
    Map<Integer, Share> shares = new TreeMap<>();
    for (int label : labels(counts, names, chosen, context)) {
      long count = counts.getOrDefault(label, 0L);
      long missing = target - count;
      if (missing > 0) {
        shares.put(label, new Share(count, Math.toIntExact(missing / count), missing % count, 0));
      }
    }
    return shares;
  }

  private static Iterable<Integer> labels(
      Map<Integer, Long> counts, List<String> names, List<String> chosen, AugmentContext context) {
    if (chosen.equals(List.of(ALL))) {
      return counts.keySet();
    }
    if (chosen.equals(List.of(MINORITY))) {
      // The map is in the order of the labels, and the first of equal counts is found.
      return counts.entrySet().stream()
          .min(Comparator.comparing(Map.Entry<Integer, Long>::getValue))
          .map(Map.Entry::getKey)
          .stream()
          .toList();
    }
    TreeSet<Integer> labels = new TreeSet<>();
    List<String> problems = new ArrayList<>();
    for (String name : chosen) {
      Optional<Integer> label = label(names, name);
      if (label.isEmpty()) {
        problems.add(context.problem("knows no class %s, there are %s".formatted(name, names)));
      } else if (!counts.containsKey(label.get())) {
        problems.add(
            context.problem("cannot add to class %s, which has no train rows".formatted(name)));
      } else {
        labels.add(label.get());
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
    return labels;
  }

  private static Optional<Integer> label(List<String> names, String name) {
    return IntStream.range(0, names.size())
        .boxed()
        .filter(i -> names.get(i).equals(name))
        .findFirst()
        .or(
            () ->
                IntStream.range(0, names.size())
                    .boxed()
                    .filter(i -> i.toString().equals(name))
                    .findFirst());
  }
}
