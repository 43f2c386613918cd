package sluice.normalise;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The registry of steps: what a configuration and a saved preprocessing may name. */
public final class Steps {
  private Steps() {}

  /** The steps by the type that a configuration names. */
  public static final Map<String, Class<? extends Step>> TYPES = types();

  /** The fitted steps by the type under which they are saved. */
  static final Map<String, Class<? extends FittedStep>> FITTED = fitted();

  private static Map<String, Class<? extends Step>> types() {
    Map<String, Class<? extends Step>> types = new LinkedHashMap<>();
    types.put("impute-median", ImputeMedian.class);
    types.put("impute-mean", ImputeMean.class);
    types.put("impute-mode", ImputeMode.class);
    types.put("impute-constant", ImputeConstant.class);
    types.put("clip-iqr", ClipIqr.class);
    types.put("clip-quantiles", ClipQuantiles.class);
    types.put("standardise", Standardise.class);
    types.put("min-max", MinMax.class);
    types.put("robust", Robust.class);
    types.put("log1p", Log1p.class);
    types.put("one-hot", OneHot.class);
    types.put("index", Index.class);
    types.put("frequency", Frequency.class);
    types.put("hashing", Hashing.class);
    types.put("date-parts", DateParts.class);
    types.put("pixels", Pixels.class);
    return Collections.unmodifiableMap(types);
  }

  private static Map<String, Class<? extends FittedStep>> fitted() {
    Map<String, Class<? extends FittedStep>> types = new LinkedHashMap<>();
    types.put("fill-number", FillNumber.class);
    types.put("fill-text", FillText.class);
    types.put("fill-time", FillTime.class);
    types.put("clip", Clip.class);
    types.put("scale", Scale.class);
    types.put("log1p", Log1p.class);
    types.put("categories", Categories.class);
    types.put("shares", FrequencyEncoder.class);
    types.put("hashing", Hashing.class);
    types.put("date-parts", DateParts.class);
    types.put("pixels", Pixels.class);
    types.put("positions", PerPositionStep.class);
    return Collections.unmodifiableMap(types);
  }

  /** The type of a step, for messages. */
  static String type(Step step) {
    return key(TYPES, step);
  }

  /** The type under which a fitted step is saved. */
  static String type(FittedStep step) {
    return key(FITTED, step);
  }

  private static <T> String key(Map<String, Class<? extends T>> types, T value) {
    return types.entrySet().stream()
        .filter(entry -> entry.getValue() == value.getClass())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(value.getClass() + " is not registered"))
        .getKey();
  }
}
