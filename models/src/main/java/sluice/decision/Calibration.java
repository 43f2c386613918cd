package sluice.decision;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import sluice.data.Decimal;
import sluice.data.NamedTypes;
import sluice.data.Require;

/** What was learned of how far a model's probabilities can be taken at their word. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Calibration.Names.class)
public sealed interface Calibration {

  /** The calibrations by the name that a bundle gives them. */
  NamedTypes<Calibration> TYPES =
      NamedTypes.of(Calibration.class)
          .with(Calibrate.NONE.text(), Uncalibrated.class)
          .with(Calibrate.TEMPERATURE.text(), Temperature.class)
          .with(Calibrate.ISOTONIC.text(), Isotonic.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /**
   * Calibrated probabilities, which sum to 1 but for rounding.
   *
   * @param outputs of a model, one a class; not changed
   * @param positive the index of the positive class of two, or -1
   */
  float[] apply(float[] outputs, int positive);

  /** What it is, for people. */
  String text();

  /** Probabilities as they are. */
  record Uncalibrated() implements Calibration {
    @Override
    public float[] apply(float[] outputs, int positive) {
      return outputs;
    }

    @Override
    public String text() {
      return "not calibrated";
    }
  }

  /**
   * Temperature scaling (Guo et al., "On calibration of modern neural networks", 2017): the
   * logarithms of the probabilities are divided by one number, and softmax makes probabilities of
   * them again. Above 1 it makes a model less sure of itself. The order of a row's classes stays.
   *
   * @param temperature from {@value #LEAST} to {@value #MOST}
   */
  record Temperature(double temperature) implements Calibration {
    static final double LEAST = 0.01;
    static final double MOST = 100;

    public Temperature {
      new Require().within("temperature", temperature, LEAST, MOST).hold();
    }

    @Override
    public float[] apply(float[] outputs, int positive) {
      double[] scores = new double[outputs.length];
      double greatest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < scores.length; c++) {
        scores[c] = logarithm(outputs[c]);
        greatest = Math.max(greatest, scores[c]);
      }
      double sum = 0;
      for (int c = 0; c < scores.length; c++) {
        scores[c] = StrictMath.exp((scores[c] - greatest) / temperature);
        sum += scores[c];
      }
      float[] calibrated = new float[scores.length];
      for (int c = 0; c < scores.length; c++) {
        calibrated[c] = (float) (scores[c] / sum);
      }
      return calibrated;
    }

    /** Of the least normal float for what is smaller: a probability of 0 has none. */
    static double logarithm(float probability) {
      return StrictMath.log(Math.max(probability, Float.MIN_NORMAL));
    }

    @Override
    public String text() {
      return "temperature " + Decimal.rounded(temperature);
    }
  }

  /**
   * Isotonic regression of two classes (Zadrozny and Elkan, "Transforming classifier scores into
   * accurate multiclass probability estimates", 2002): the rising function of the score of the
   * positive class that is nearest to what came true, straight between its corners and level beyond
   * them.
   *
   * @param scores of the corners, rising, in 0..1
   * @param shares of the positive class there, never falling, in 0..1
   */
  record Isotonic(List<Double> scores, List<Double> shares) implements Calibration {
    public Isotonic {
      scores = List.copyOf(scores);
      shares = List.copyOf(shares);
      Require require =
          new Require()
              .notEmpty("scores", scores)
              .that(
                  scores.size() == shares.size(),
                  "scores and shares must be as many, got %d and %d"
                      .formatted(scores.size(), shares.size()));
      for (int i = 0; i < Math.min(scores.size(), shares.size()); i++) {
        require.within("scores[" + i + "]", scores.get(i), 0, 1);
        require.within("shares[" + i + "]", shares.get(i), 0, 1);
        if (i > 0) {
          require.that(
              scores.get(i) > scores.get(i - 1),
              "scores[%d] must be above the one before".formatted(i));
          require.that(
              shares.get(i) >= shares.get(i - 1),
              "shares[%d] must be at least the one before".formatted(i));
        }
      }
      require.hold();
    }

    @Override
    public float[] apply(float[] outputs, int positive) {
      float[] calibrated = new float[2];
      calibrated[positive] = (float) share(outputs[positive]);
      calibrated[1 - positive] = 1 - calibrated[positive];
      return calibrated;
    }

    private double share(double score) {
      int below = -1;
      int above = scores.size();
      while (above - below > 1) {
        int middle = (below + above) >>> 1;
        if (scores.get(middle) <= score) {
          below = middle;
        } else {
          above = middle;
        }
      }
      if (below < 0) {
        return shares.get(0);
      }
      if (above == scores.size()) {
        return shares.get(below);
      }
      double part = (score - scores.get(below)) / (scores.get(above) - scores.get(below));
      return shares.get(below) + part * (shares.get(above) - shares.get(below));
    }

    @Override
    public String text() {
      return scores.size() == 1
          ? "isotonic with 1 corner"
          : "isotonic with %d corners".formatted(scores.size());
    }
  }
}
