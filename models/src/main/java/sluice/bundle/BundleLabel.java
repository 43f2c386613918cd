package sluice.bundle;

import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.evaluation.metric.Label;
import sluice.normalise.ClassLabel;
import sluice.normalise.FittedLabel;
import sluice.normalise.NumberLabel;

/** A bundle's label as the evaluation speaks of it. */
public final class BundleLabel {
  private BundleLabel() {}

  /** What is predicted. */
  public static Label of(ModelBundle bundle) {
    return of(bundle.preprocessing().label());
  }

  /** What a fitted label predicts. */
  public static Label of(FittedLabel fitted) {
    if (fitted instanceof NumberLabel number) {
      return Label.number(number.column());
    }
    if (fitted instanceof ClassLabel classes) {
      return new Label(classes.column(), classes.classes(), classes.positive());
    }
    throw InvalidInput.configuration(
        "normalise.label.type must be class or number to train a network, got " + fitted);
  }

  /**
   * The truth of a raw label: the class's index, or the number as it was read.
   *
   * @throws InvalidInput (data) if it is missing or none of the classes
   */
  public static double truth(ModelBundle bundle, @Nullable Object raw) {
    FittedLabel label = bundle.preprocessing().label();
    Object value = label.value(raw);
    if (!(value instanceof Number number)) {
      throw InvalidInput.data("label %s has no truth in %s".formatted(label.column(), raw));
    }
    return label instanceof NumberLabel && raw instanceof Number read
        ? read.doubleValue()
        : number.doubleValue();
  }

  /** A network's outputs for a row: probabilities, or a number on the scale as it was read. */
  public static double[] outputs(ModelBundle bundle, float[] outputs) {
    double[] read = new double[outputs.length];
    for (int i = 0; i < read.length; i++) {
      read[i] =
          bundle.preprocessing().label() instanceof NumberLabel number
              ? number.unscaled(outputs[i])
              : outputs[i];
    }
    return read;
  }
}
