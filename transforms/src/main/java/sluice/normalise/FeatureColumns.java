package sluice.normalise;

/**
 * The columns of the feature table that are no features: {@code key}, {@code part} where the rows
 * have one, {@code label} where they have one. The feature groups follow.
 */
public final class FeatureColumns {
  /** The row's key, a string. */
  public static final String KEY = "key";

  /** Train, validation or test, a string. */
  public static final String PART = "part";

  /**
   * The label: a class's index ({@code int}), a number as the network sees it ({@code float}), or a
   * text ({@code string}); null where the row has none that is known. Of several labels a struct
   * with a field for each, named by its place: {@code _0} and so on.
   */
  public static final String LABEL = "label";

  private FeatureColumns() {}
}
