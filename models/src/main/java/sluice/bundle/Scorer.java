package sluice.bundle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.clean.Outcome;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.decision.Decision;
import sluice.normalise.ClassLabel;
import sluice.normalise.Features;
import sluice.normalise.FittedLabel;
import sluice.normalise.Normalised;
import sluice.normalise.NumberLabel;
import sluice.normalise.Rejected;

/**
 * Scores records with a bundle in plain Java: no SparkSession, and no Spark on the class path. A
 * record goes through the rules and the preprocessing that the network was trained with, and comes
 * out with the same bits as from the predict job, on one kind of processor.
 *
 * <p>Not thread-safe: a scorer holds one network. Make one a thread.
 */
public final class Scorer {
  private final ModelBundle bundle;
  private final FeaturesPredictor predictor;

  /**
   * @throws InvalidInput (data) if a rule of the bundle can only be computed by Spark
   */
  public Scorer(ModelBundle bundle) {
    if (bundle.cleaning().needsSpark()) {
      throw InvalidInput.data(
          "this bundle has a derive rule and cannot score without Spark; use the predict job");
    }
    this.bundle = bundle;
    this.predictor = new FeaturesPredictor(bundle);
  }

  /** A scorer with the bundle in a local directory. */
  public static Scorer load(Path directory) {
    return new Scorer(ModelBundle.load(directory));
  }

  /** The columns that a record has. */
  public List<Field> columns() {
    return bundle.cleaning().input().fields();
  }

  /**
   * Scores one record.
   *
   * @param record values by column, of the classes of {@link FieldType}, or numbers that fit them
   *     without loss; a column that is not there is missing
   * @throws InvalidInput (data) if the record has a column that the bundle does not know
   */
  public Prediction score(Map<String, ? extends @Nullable Object> record) {
    return score(List.of(record)).get(0);
  }

  /**
   * Scores records.
   *
   * @return one prediction a record, in their order
   * @throws InvalidInput (data) if a record has a column that the bundle does not know
   */
  public List<Prediction> score(List<? extends Map<String, ? extends @Nullable Object>> records) {
    Prediction[] predictions = new Prediction[records.size()];
    List<Features> examples = new ArrayList<>();
    List<Integer> scored = new ArrayList<>();
    for (int i = 0; i < predictions.length; i++) {
      Normalised normalised = normalise(records.get(i));
      if (normalised instanceof Features features) {
        examples.add(features);
        scored.add(i);
      } else if (normalised instanceof Rejected rejected) {
        predictions[i] = new Prediction.Unscored(rejected.reason());
      }
    }
    float[][] outputs = predictor.predict(examples);
    for (int i = 0; i < outputs.length; i++) {
      predictions[scored.get(i)] = prediction(bundle, outputs[i]);
    }
    return Arrays.asList(predictions);
  }

  /**
   * What a bundle says of a record.
   *
   * @param outputs calibrated probabilities, or the one number
   */
  static Prediction prediction(ModelBundle bundle, float[] outputs) {
    FittedLabel label = bundle.preprocessing().label();
    if (label instanceof NumberLabel number) {
      return new Prediction.OfNumber(number.unscaled(outputs[0]));
    }
    if (!(label instanceof ClassLabel classes)) {
      throw new IllegalStateException("nothing to predict: " + label);
    }
    Map<String, Float> probabilities = new LinkedHashMap<>();
    for (int c = 0; c < outputs.length; c++) {
      probabilities.put(classes.classes().get(c), outputs[c]);
    }
    return new Prediction.OfClass(
        classes.classes().get(Decision.mostProbable(outputs, 0, outputs.length)),
        classes.classes().get(bundle.decision().decide(outputs, bundle.positiveIndex())),
        probabilities);
  }

  private Normalised normalise(Map<String, ? extends @Nullable Object> record) {
    for (String column : record.keySet()) {
      if (!bundle.cleaning().input().has(column)) {
        throw InvalidInput.data(
            "no column %s, the bundle knows %s"
                .formatted(column, bundle.cleaning().input().names()));
      }
    }
    Map<String, @Nullable Object> typed = new LinkedHashMap<>();
    for (Field field : columns()) {
      Object value = record.get(field.name());
      Object fitting = value == null ? null : fitting(value, field.type());
      if (value != null && fitting == null) {
        return new Rejected(
            "%s must be %s, got %s %s"
                .formatted(
                    field.name(), field.type().ddl(), value.getClass().getSimpleName(), value));
      }
      if (fitting instanceof String text && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        // Spark would have read a question mark in its place: no table can hold such a text.
        return new Rejected(
            "%s must be text that UTF-8 can hold, got a surrogate without its pair"
                .formatted(field.name()));
      }
      typed.put(field.name(), fitting);
    }
    Outcome outcome = bundle.cleaning().apply(RawRecord.of(typed));
    if (outcome instanceof Outcome.Rejected rejected) {
      return new Rejected(rejected.reason());
    }
    return bundle.preprocessing().apply(((Outcome.Kept) outcome).record());
  }

  /** The value in the class of the type, or null if it is no such value. */
  private static @Nullable Object fitting(Object value, FieldType type) {
    if (type.valueClass().isInstance(value)) {
      return value;
    }
    if (!(value instanceof Number number) || !type.isNumber()) {
      return null;
    }
    double wide = number.doubleValue();
    Number narrow =
        switch (type) {
          case BYTE -> number.byteValue();
          case SHORT -> number.shortValue();
          case INT -> number.intValue();
          case LONG -> number.longValue();
          case FLOAT -> number.floatValue();
          default -> wide;
        };
    boolean same =
        Double.compare(narrow.doubleValue(), wide) == 0 && narrow.longValue() == number.longValue();
    return same ? narrow : null;
  }
}
