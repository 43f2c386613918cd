package sluice.decision;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import sluice.data.Decimal;
import sluice.data.NamedTypes;
import sluice.data.Require;

/**
 * How the threshold of two classes is found, among those that lie midway between two scores. Of
 * thresholds that are equally good the one nearest to 0.5 is taken, and of two as near the higher.
 */
public sealed interface ThresholdRule {

  /** The rules by the name that the configuration gives them. */
  NamedTypes<ThresholdRule> TYPES =
      NamedTypes.of(ThresholdRule.class)
          .with("fixed", Fixed.class)
          .with("best-f1", BestF1.class)
          .with("best-balanced-accuracy", BestBalancedAccuracy.class)
          .with("best-mcc", BestMcc.class)
          .with("cost", Cost.class)
          .with("at-precision", AtPrecision.class)
          .with("at-recall", AtRecall.class);

  /** The rule as a configuration has it, for people. */
  String text();

  /** A threshold, and what must be known of it. */
  record Choice(double threshold, List<String> notes) {
    public Choice {
      notes = List.copyOf(notes);
    }
  }

  /** A rule that looks at labelled rows. */
  sealed interface Chosen extends ThresholdRule {

    /**
     * Chooses.
     *
     * @param points of rows of both classes
     */
    Choice choose(OperatingPoints points);
  }

  /**
   * Always the same.
   *
   * @param value in 0..1
   */
  record Fixed(double value) implements ThresholdRule {
    public Fixed {
      new Require().within("value", value, 0, 1).hold();
    }

    @Override
    public String text() {
      return Decimal.text(value);
    }
  }

  /** The greatest F1 of the positive class. */
  record BestF1() implements Chosen {
    @Override
    public String text() {
      return "best-f1";
    }

    @Override
    public Choice choose(OperatingPoints points) {
      return greatest(points, OperatingPoint::f1);
    }
  }

  /** The greatest balanced accuracy. */
  record BestBalancedAccuracy() implements Chosen {
    @Override
    public String text() {
      return "best-balanced-accuracy";
    }

    @Override
    public Choice choose(OperatingPoints points) {
      return greatest(points, OperatingPoint::balancedAccuracy);
    }
  }

  /** The greatest correlation coefficient of Matthews. */
  record BestMcc() implements Chosen {
    @Override
    public String text() {
      return "best-mcc";
    }

    @Override
    public Choice choose(OperatingPoints points) {
      return greatest(points, OperatingPoint::matthews);
    }
  }

  /**
   * The least cost of errors.
   *
   * @param falsePositive what a negative row costs that counts as positive, above 0
   * @param falseNegative what a positive row costs that counts as negative, above 0
   */
  record Cost(double falsePositive, double falseNegative) implements Chosen {
    public Cost {
      new Require()
          .above("false-positive", falsePositive, 0)
          .above("false-negative", falseNegative, 0)
          .that(falsePositive < Double.POSITIVE_INFINITY, "false-positive must be finite")
          .that(falseNegative < Double.POSITIVE_INFINITY, "false-negative must be finite")
          .hold();
    }

    @Override
    public String text() {
      return "cost of %s a false positive and %s a false negative"
          .formatted(Decimal.text(falsePositive), Decimal.text(falseNegative));
    }

    @Override
    public Choice choose(OperatingPoints points) {
      return greatest(points, point -> -point.cost(falsePositive, falseNegative));
    }
  }

  /**
   * The greatest recall with a precision of at least so much. If none has it, the greatest
   * precision there is, with a note.
   *
   * @param value above 0, at most 1
   */
  record AtPrecision(double value) implements Chosen {
    public AtPrecision {
      requireShare(value);
    }

    @Override
    public String text() {
      return "at-precision " + Decimal.text(value);
    }

    @Override
    public Choice choose(OperatingPoints points) {
      Optional<OperatingPoint> enough =
          points
              .all()
              .filter(point -> point.precision() >= value)
              .max(
                  Comparator.comparingDouble(OperatingPoint::recall)
                      .thenComparingDouble(OperatingPoint::precision)
                      .thenComparing(OperatingPoint.NEAREST));
      if (enough.isPresent()) {
        return new Choice(enough.get().threshold(), List.of());
      }
      OperatingPoint purest =
          points
              .all()
              .filter(point -> !Double.isNaN(point.precision()))
              .max(
                  Comparator.comparingDouble(OperatingPoint::precision)
                      .thenComparingDouble(OperatingPoint::recall)
                      .thenComparing(OperatingPoint.NEAREST))
              .orElseThrow();
      return new Choice(
          purest.threshold(),
          List.of(
              "no threshold has a precision of %s on the validation part; taken is the one with the greatest, %s"
                  .formatted(Decimal.text(value), Decimal.rounded(purest.precision()))));
    }
  }

  /**
   * The greatest precision with a recall of at least so much; there always is one, since a
   * threshold of 0 finds every positive row.
   *
   * @param value above 0, at most 1
   */
  record AtRecall(double value) implements Chosen {
    public AtRecall {
      requireShare(value);
    }

    @Override
    public String text() {
      return "at-recall " + Decimal.text(value);
    }

    @Override
    public Choice choose(OperatingPoints points) {
      return new Choice(
          points
              .all()
              .filter(point -> point.recall() >= value)
              .max(
                  Comparator.comparingDouble(OperatingPoint::precision)
                      .thenComparingDouble(OperatingPoint::recall)
                      .thenComparing(OperatingPoint.NEAREST))
              .orElseThrow()
              .threshold(),
          List.of());
    }
  }

  private static Choice greatest(OperatingPoints points, ToDoubleFunction<OperatingPoint> figure) {
    return new Choice(
        points
            .all()
            .max(Comparator.comparingDouble(figure).thenComparing(OperatingPoint.NEAREST))
            .orElseThrow()
            .threshold(),
        List.of());
  }

  private static void requireShare(double value) {
    new Require().above("value", value, 0).within("value", value, 0, 1).hold();
  }
}
