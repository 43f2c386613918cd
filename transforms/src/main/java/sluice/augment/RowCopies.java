package sluice.augment;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many copies are made of which train rows.
 *
 * @param each copies of each row of the classes, from 1 to 1,000; null if {@code ratio} tells, or 1
 *     if that is null too
 * @param classes as in {@link Oversample}
 * @param ratio as in {@link Oversample}, so that the classes grow to an exact count; null if each
 *     row has as many copies
 */
public record RowCopies(@Nullable Integer each, List<String> classes, @Nullable Double ratio)
    implements Serializable {
  public RowCopies {
    classes = List.copyOf(classes);
  }

  /** Checks; problems begin with the keys {@code copies}, {@code classes} and {@code ratio}. */
  public void check(List<String> problems) {
    ResamplingPlan.check(classes, ratio == null ? 1 : ratio, problems);
    if (each != null && ratio != null) {
      problems.add(
          "copies must not be given with ratio, which tells how many there are, got %s and %s"
              .formatted(each, ratio));
    } else if (each != null && (each < 1 || each > 1_000)) {
      problems.add("copies must be from 1 to 1000, got " + each);
    }
  }

  /** Whether copies go by the classes of rows. */
  boolean needsClasses() {
    return ratio != null || !classes.equals(List.of(ResamplingPlan.ALL));
  }

  /** Copies of each row, if there is no ratio. */
  int ofEachRow() {
    return each == null ? 1 : each;
  }

  /**
   * What tells of a row how many.
   *
   * @throws sluice.data.InvalidInput if the label is no class, or there is no such class with train
   *     rows
   */
  Copies of(TrainFeatures train, AugmentContext context) {
    if (ratio != null) {
      ResamplingPlan plan = ResamplingPlan.plan(train, classes, ratio, context);
      return new Copies(plan, plan.most());
    }
    int most = ofEachRow();
    return needsClasses()
        ? new Copies(ResamplingPlan.ofEachRow(train, classes, most, context), most)
        : new Copies(null, most);
  }

  /**
   * Counted copies.
   *
   * @param plan by the classes of rows; null if there are of each row as many
   * @param most of one row
   */
  record Copies(@Nullable ResamplingPlan plan, int most) implements Serializable {
    int of(int label, byte[] key) {
      return plan == null ? most : plan.of(label, key);
    }
  }
}
