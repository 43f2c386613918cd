package sluice.bundle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.decision.Decision;
import sluice.evaluation.classification.SetPredictions;
import sluice.evaluation.metric.Label;
import sluice.normalise.ClassLabel;
import sluice.normalise.FittedLabel;
import sluice.normalise.NumberLabel;
import sluice.normalise.SetLabel;
import sluice.normalise.TagsLabel;

/**
 * One of the labels that a bundle predicts.
 *
 * @param bundle what predicts
 * @param index of the label among those of the preprocessing, and of the network's targets
 */
public record BundleTarget(ModelBundle bundle, int index) {

  /** The label as it was fitted. */
  public FittedLabel fitted() {
    return bundle.preprocessing().labels().get(index);
  }

  /** The label as the evaluation speaks of it. */
  public Label label() {
    return label(fitted());
  }

  /** What a fitted label predicts. */
  public static Label label(FittedLabel fitted) {
    if (fitted instanceof NumberLabel number) {
      return Label.number(number.column());
    }
    if (fitted instanceof ClassLabel classes) {
      return new Label(classes.column(), classes.classes(), classes.positive());
    }
    if (fitted instanceof TagsLabel tags) {
      return Label.tags(tags.column(), tags.tags(), new Label.Tagging(tags.of(), tags.spans()));
    }
    if (fitted instanceof SetLabel sets) {
      return Label.set(sets.column(), sets.names(), sets.separator());
    }
    throw InvalidInput.configuration(
        "normalise.label.type must be class, number, tags or set to train a network, got "
            + fitted);
  }

  /** Whether it is the only one. */
  public boolean isOnly() {
    return bundle.preprocessing().labels().size() == 1;
  }

  /**
   * What another bundle says of the same label: of the same column or, where both bundles predict
   * one label alone, whatever the column is called.
   */
  public Optional<BundleTarget> counterpart(ModelBundle other) {
    return other.targets().stream()
        .filter(
            target ->
                (isOnly() && target.isOnly()) || target.fitted().column().equals(fitted().column()))
        .findFirst();
  }

  /** What a line about it begins with; nothing where it is the only one. */
  public String prefix() {
    return isOnly() ? "" : fitted().column() + ": ";
  }

  /** The name of a column of predictions that is about it. */
  public String named(String column) {
    return PredictionColumns.named(column, fitted().column(), isOnly());
  }

  /** What the rows that have it are called where rows are counted. */
  public String rows() {
    return isOnly() ? "rows" : "rows with " + fitted().column();
  }

  /** What makes classes of the network's probabilities. */
  public Decision decision() {
    return bundle.decisions().get(index);
  }

  /** The index of the class that the decision is about, or -1. */
  public int positiveIndex() {
    return fitted() instanceof ClassLabel classes && classes.positive() != null
        ? classes.classes().indexOf(classes.positive())
        : -1;
  }

  /**
   * The truth of a raw label: the class's index, the number as it was read, or the indices of the
   * names of a set.
   *
   * @throws InvalidInput (data) if it is missing or none of the classes
   */
  public double[] truth(@Nullable Object raw) {
    if (fitted().value(raw) instanceof int[] indices) {
      return Arrays.stream(indices).asDoubleStream().toArray();
    }
    Double truth = fitted().truth(raw);
    if (truth == null) {
      throw InvalidInput.data("label %s has no truth in %s".formatted(fitted().column(), raw));
    }
    return new double[] {truth};
  }

  /**
   * The network's outputs for a row, calibrated: probabilities, or a number on the scale of the
   * network.
   */
  float[] calibrated(float[] outputs) {
    return label().task().isOfClasses() ? decision().calibrated(outputs, positiveIndex()) : outputs;
  }

  /** The network's outputs for a row: probabilities, or a number on the scale as it was read. */
  public double[] outputs(float[] outputs) {
    double[] read = new double[outputs.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = fitted() instanceof NumberLabel number ? number.unscaled(outputs[i]) : outputs[i];
    }
    return read;
  }

  /**
   * What is said of a record.
   *
   * @param outputs calibrated probabilities, or the one number; of tags those of each token
   */
  Prediction prediction(float[] outputs) {
    if (fitted() instanceof SetLabel sets) {
      return new Prediction.OfSet(
          Arrays.stream(SetPredictions.predicted(outputs)).mapToObj(sets.names()::get).toList(),
          probabilities(sets.names(), outputs));
    }
    if (fitted() instanceof TagsLabel tags) {
      return ofTags(tags.tags(), outputs);
    }
    if (fitted() instanceof NumberLabel number) {
      return new Prediction.OfNumber(number.unscaled(outputs[0]));
    }
    if (!(fitted() instanceof ClassLabel classes)) {
      throw new IllegalStateException("nothing to predict: " + fitted());
    }
    return new Prediction.OfClass(
        classes.classes().get(Decision.mostProbable(outputs, 0, outputs.length)),
        classes.classes().get(decision().decide(outputs, positiveIndex())),
        probabilities(classes.classes(), outputs));
  }

  private static Map<String, Float> probabilities(List<String> names, float[] outputs) {
    Map<String, Float> probabilities = new LinkedHashMap<>();
    for (int i = 0; i < outputs.length; i++) {
      probabilities.put(names.get(i), outputs[i]);
    }
    return probabilities;
  }

  private static Prediction ofTags(List<String> tags, float[] outputs) {
    List<String> predicted = new ArrayList<>();
    List<Float> probabilities = new ArrayList<>();
    for (int at = 0; at < outputs.length; at += tags.size()) {
      int tag = Decision.mostProbable(outputs, at, tags.size());
      predicted.add(tags.get(tag));
      probabilities.add(outputs[at + tag]);
    }
    return new Prediction.OfTags(predicted, probabilities);
  }
}
