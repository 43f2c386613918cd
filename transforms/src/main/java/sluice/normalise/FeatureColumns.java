package sluice.normalise;

/**
 * The columns of the feature table that are no features: {@code key}, {@code part} where the rows
 * have one, {@code label} where they have one, {@code _truth} where it is a number. The feature
 * groups follow.
 */
public final class FeatureColumns {
  /** The row's key, as in {@link sluice.data.DatasetContract#KEY}. */
  public static final String KEY = "key";

  /** Train, validation or test, a string. */
  public static final String PART = "part";

  /**
   * The label: a class's index ({@code int}), a number as the network sees it ({@code float}), or a
   * text ({@code string}); null where the row has none that is known. Of several labels a struct
   * with a field for each, named by its place: {@code _0} and so on.
   */
  public static final String LABEL = "label";

  /**
   * Beside a label that is a number: what {@link FittedLabel#truth} says of it, a {@code double}.
   * Of several labels with a number among them a struct with a field for each, as {@link #LABEL}.
   */
  public static final String TRUTH = "_truth";

  private FeatureColumns() {}
}
