package sluice.normalise;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import sluice.data.NamedTypes;

/**
 * The registry of steps, a line each: what a configuration and a saved preprocessing may name. A
 * line holds the step and what it learns; a step that learns nothing is saved under its own name.
 */
public final class Steps {
  private static final Learned FILL_NUMBER = new Learned("fill-number", FillNumber.class);
  private static final Learned FILL_TEXT = new Learned("fill-text", FillText.class);
  private static final Learned FILL_TIME = new Learned("fill-time", FillTime.class);
  private static final Learned CLIP = new Learned("clip", Clip.class);
  private static final Learned SCALE = new Learned("scale", Scale.class);
  private static final Learned CATEGORIES = new Learned("categories", Categories.class);

  private static final List<Line> LINES =
      List.of(
          line("impute-median", ImputeMedian.class, FILL_NUMBER),
          line("impute-mean", ImputeMean.class, FILL_NUMBER),
          line("impute-mode", ImputeMode.class, FILL_NUMBER, FILL_TEXT, FILL_TIME),
          line("impute-constant", ImputeConstant.class, FILL_NUMBER, FILL_TEXT, FILL_TIME),
          line("clip-iqr", ClipIqr.class, CLIP),
          line("clip-quantiles", ClipQuantiles.class, CLIP),
          line("standardise", Standardise.class, SCALE),
          line("min-max", MinMax.class, SCALE),
          line("robust", Robust.class, SCALE),
          line("log1p", Log1p.class),
          line("piecewise-linear", PiecewiseLinear.class, new Learned("bins", Bins.class)),
          line("one-hot", OneHot.class, CATEGORIES),
          line("index", Index.class, CATEGORIES),
          line("frequency", Frequency.class, new Learned("shares", FrequencyEncoder.class)),
          line("hashing", Hashing.class),
          line("date-parts", DateParts.class),
          line("pixels", Pixels.class),
          line("words", Words.class, new Learned("word-series", WordSeries.class)),
          line("tokens", Tokens.class, new Learned("parted-series", PartedSeries.class)),
          line(
              "characters",
              Characters.class,
              new Learned("character-series", CharacterSeries.class)),
          line(
              "byte-pairs",
              BytePairUnits.class,
              new Learned("byte-pair-series", BytePairSeries.class)),
          line(
              "tokenizer",
              TokenizerFile.class,
              new Learned("tokenizer-series", TokenizerSeries.class)),
          line("tf-idf", TfIdf.class, new Learned("tf-idf-vector", TfIdfVector.class)),
          line("hashed-n-grams", HashedNGrams.class));

  /** The steps by the type that a configuration names. */
  public static final NamedTypes<Step> TYPES = types();

  /** The fitted steps by the type under which they are saved. */
  public static final NamedTypes<FittedStep> FITTED = fitted();

  private Steps() {}

  /** A step by its name in a configuration, and what it may learn. */
  private record Line(String name, Class<? extends Step> step, List<Learned> learned) {
    boolean makes(FittedStep fitted) {
      return step.isInstance(fitted)
          || learned.stream().anyMatch(each -> each.type == fitted.getClass());
    }
  }

  /** What steps learn, by the name under which it is saved. */
  private record Learned(String name, Class<? extends FittedStep> type) {}

  private static Line line(String name, Class<? extends Step> step, Learned... learned) {
    return new Line(name, step, List.of(learned));
  }

  /**
   * Whether steps of these types and parameters could have learned these fitted steps from some
   * rows. Parameters of steps that learn do not count: what they have learned does not tell them.
   */
  public static boolean couldBecome(List<Step> steps, List<FittedStep> fitted) {
    return steps.size() == fitted.size()
        && IntStream.range(0, steps.size()).allMatch(i -> couldBecome(steps.get(i), fitted.get(i)));
  }

  private static boolean couldBecome(Step step, FittedStep fitted) {
    if (fitted instanceof PerPositionStep several) {
      return several.steps().stream().allMatch(each -> couldBecome(step, each));
    }
    if (step instanceof FittedStep) {
      return step.equals(fitted);
    }
    if (fitted instanceof Categorical categorical && categorical.encoding() != step.encoding()) {
      return false;
    }
    return LINES.stream()
        .filter(line -> line.step == step.getClass())
        .findFirst()
        .map(line -> line.makes(fitted))
        // Of a step of another jar nobody knows what it learns, but it is none of these.
        .orElseGet(() -> LINES.stream().noneMatch(line -> line.makes(fitted)));
  }

  /** The names of fitted steps in JSON. */
  static final class FittedNames extends NamedTypes.Resolver {
    FittedNames() {
      super(FITTED);
    }
  }

  private static NamedTypes<Step> types() {
    NamedTypes<Step> types = NamedTypes.of(Step.class);
    for (Line line : LINES) {
      types = types.with(line.name, line.step);
    }
    return types.withExtensions();
  }

  private static NamedTypes<FittedStep> fitted() {
    // Holds one step for each position of a vector, whatever they are.
    NamedTypes<FittedStep> types =
        NamedTypes.of(FittedStep.class).with("positions", PerPositionStep.class);
    List<Learned> learned =
        LINES.stream().flatMap(line -> line.learned.stream()).distinct().toList();
    for (Learned each : learned) {
      types = types.with(each.name, each.type);
    }
    for (Map.Entry<String, Class<? extends Step>> step : TYPES.types().entrySet()) {
      if (FittedStep.class.isAssignableFrom(step.getValue())) {
        types = types.with(step.getKey(), step.getValue().asSubclass(FittedStep.class));
      }
    }
    return types.withExtensions();
  }
}
