package sluice.bundle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.clean.Cleaning;
import sluice.clean.FieldValues;
import sluice.clean.RuleOutcome;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.data.ValueParser;
import sluice.network.Natives;
import sluice.network.compiled.MatrixProducts;
import sluice.normalise.Features;
import sluice.normalise.Normalised;
import sluice.normalise.Rejected;

/**
 * Scores records with a bundle in plain Java: no SparkSession, and no Spark on the class path. A
 * record goes through the rules and the preprocessing that the network was trained with, and comes
 * out with the same bits as from the predict job, on one kind of processor.
 *
 * <p>Not thread-safe: a scorer holds one network. Make one a thread.
 */
public final class Scorer {
  private static final Logger LOG = LoggerFactory.getLogger(Scorer.class);

  /** What has been said, once each. */
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private final ModelBundle bundle;
  private final List<BundleTarget> targets;
  private final Cleaning cleaning;
  private final ValueParser parser;
  private final FeaturesPredictor predictor;

  /**
   * @throws InvalidInput (data) if a rule that decides the features or a rejection can only be
   *     computed by Spark, or a file is missing that the preprocessing needs beside the bundle
   */
  public Scorer(ModelBundle bundle) {
    if (bundle.needsSpark()) {
      throw InvalidInput.data(
          "this bundle has a derive rule and cannot score without Spark; use the predict job");
    }
    bundle.preprocessing().requireFiles();
    this.bundle = bundle;
    this.targets = bundle.targets();
    this.cleaning = bundle.needed();
    this.parser = bundle.notation().parser();
    this.predictor = new FeaturesPredictor(bundle);
    warning()
        .ifPresent(
            text -> {
              if (TOLD.add(text)) {
                LOG.warn("{}", text);
              }
            });
  }

  /**
   * That scores may differ in the last bits from those of the training, whose products of matrices
   * were made by another library, kernel or number of threads. A scorer says it in the log, too,
   * the first time.
   */
  public Optional<String> warning() {
    String trained = bundle.provenance().machine().get(ModelBundle.PRODUCTS);
    if (trained == null || !Natives.load().cpu()) {
      return Optional.empty();
    }
    String own = MatrixProducts.ofThisProcess().identity();
    return own.equals(trained)
        ? Optional.empty()
        : Optional.of(
            "scores may differ in the last bits: the bundle was trained with products of matrices by %s, here they are by %s"
                .formatted(trained, own));
  }

  /** A scorer with the bundle in a local directory. */
  public static Scorer load(Path directory) {
    return new Scorer(ModelBundle.load(directory));
  }

  /** The columns that a record must have: those that decide its features or its rejection. */
  public List<Field> columns() {
    return cleaning.input().fields();
  }

  /**
   * Scores one record.
   *
   * @param record values by column, of the classes of {@link FieldType}, numbers that fit them, or
   *     texts, which are read as the rows were that the network was trained with: by {@link
   *     ModelBundle#notation}, with its word for missing values, its patterns of dates and times
   *     and its time zone. A missing value is null, a column that is not there, or an empty text;
   *     of a column of texts, an empty text is one if the training rows were not CSV, where it is
   *     missing. Columns beside {@link #columns} are not looked at
   */
  public Prediction score(Map<String, ? extends @Nullable Object> record) {
    return score(List.of(record)).get(0);
  }

  /**
   * Scores records, see {@link #score(Map)}. No content of a record makes it throw.
   *
   * @return one prediction a record, in their order
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
    float[][][] outputs = predictor.predict(examples);
    for (int i = 0; i < examples.size(); i++) {
      predictions[scored.get(i)] = prediction(outputs, i);
    }
    return Arrays.asList(predictions);
  }

  private Prediction prediction(float[][][] outputs, int example) {
    if (targets.size() == 1) {
      return targets.get(0).prediction(outputs[0][example]);
    }
    Map<String, Prediction> labels = new LinkedHashMap<>();
    for (BundleTarget target : targets) {
      labels.put(target.fitted().column(), target.prediction(outputs[target.index()][example]));
    }
    return new Prediction.OfSeveral(labels);
  }

  private Normalised normalise(Map<String, ? extends @Nullable Object> record) {
    Map<String, @Nullable Object> typed = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Field field : columns()) {
      String name = field.name();
      Object given = record.get(name);
      @Nullable Object value =
          given instanceof String text ? bundle.notation().present(text, field.type()) : given;
      if (value == null) {
        typed.put(name, null);
      } else {
        Object fitting = FieldValues.of(value, field.type(), parser);
        if (fitting == null) {
          problems.add(
              "%s must be %s, got %s"
                  .formatted(name, field.type().ddl(), FieldValues.described(value)));
        } else if (fitting instanceof String text
            && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
          // Spark would have read a question mark in its place: no table can hold such a text.
          problems.add(
              name + " must be text that UTF-8 can hold, got a surrogate without its pair");
        }
        typed.put(name, fitting);
      }
    }
    if (!problems.isEmpty()) {
      return new Rejected(String.join("; ", problems));
    }
    RuleOutcome outcome;
    try {
      outcome = cleaning.apply(RawRecord.of(typed));
    } catch (InvalidInput e) {
      // A text may be too long for the pattern of a rule.
      return new Rejected(String.join("; ", e.problems()));
    }
    return outcome instanceof RuleOutcome.Rejected rejected
        ? new Rejected(rejected.reason())
        : bundle.preprocessing().apply(((RuleOutcome.Kept) outcome).record());
  }
}
