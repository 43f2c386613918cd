package sluice.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sluice.augment.AugmentSettings;
import sluice.augment.Augmenters;
import sluice.clean.CleanSettings;
import sluice.clean.Rules;
import sluice.clean.text.TextQuality;
import sluice.data.Require;
import sluice.data.SessionSettings;
import sluice.decision.DecideSettings;
import sluice.decision.ThresholdRule;
import sluice.evaluation.EvaluateSettings;
import sluice.ingest.IngestSettings;
import sluice.ingest.Sources;
import sluice.network.LearningRateSchedule;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Combiner;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.Encoder;
import sluice.network.spec.Loss;
import sluice.network.spec.NetworkSpec;
import sluice.normalise.NormaliseSettings;
import sluice.normalise.Steps;
import sluice.quality.SufficiencySettings;
import sluice.split.Part;
import sluice.split.SplitSettings;
import sluice.training.TrainSettings;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.WeightAverage;

/**
 * A whole configuration, one component a section; what each key means stands in {@code
 * reference.conf}.
 *
 * @param spark settings of Spark by their full names, used where spark-submit does not set them
 */
public record PipelineConfig(
    PipelineSettings pipeline,
    IngestSettings ingest,
    CleanSettings clean,
    SplitSettings split,
    NormaliseSettings normalise,
    SufficiencySettings sufficiency,
    AugmentSettings augment,
    NetworkSpec model,
    TrainSettings train,
    DecideSettings decide,
    EvaluateSettings evaluate,
    PredictSettings predict,
    ExplainSettings explain,
    Map<String, String> spark) {

  /** The families of typed entries in a configuration. */
  public static final TypeRegistry FAMILIES =
      TypeRegistry.none()
          .withNames("format", Sources.TYPES)
          .with("rule", Rules.TYPES)
          .with("quality", TextQuality.TYPES)
          .with("step", Steps.TYPES)
          .with("augmenter", Augmenters.TYPES)
          .with("model", NetworkSpec.CONFIGURED)
          .with("model", Dl4jNetwork.TYPES)
          .with("loss", Loss.TYPES)
          .with("encoder", Encoder.CONFIGURED)
          .with("combiner", Combiner.TYPES)
          .with("updater", UpdaterSpec.TYPES)
          .with("averaging-frequency", AveragingFrequency.TYPES, "fixed")
          .with("outer", OuterOptimiser.TYPES)
          .with("schedule", LearningRateSchedule.TYPES)
          .with("ema", WeightAverage.TYPES, "exponential")
          .with("threshold", ThresholdRule.TYPES, "fixed");

  public PipelineConfig {
    spark = java.util.Collections.unmodifiableMap(new TreeMap<>(spark));
    Require require = new Require();
    for (String key : spark.keySet()) {
      require.that(key.startsWith("spark."), "spark.%s must begin with spark.".formatted(key));
      String fixed = SessionSettings.fixed().get(key);
      require.that(
          fixed == null, "spark.%s must not be set, it is always %s".formatted(key, fixed));
      require.that(
          fixed != null || !SubmitOnly.is(key),
          "spark.%s must be given to spark-submit, not by a configuration: it brings code in"
              .formatted(key));
    }
    require.hold();
  }

  /** The same with another network. */
  public PipelineConfig with(NetworkSpec other) {
    return new PipelineConfig(
        pipeline,
        ingest,
        clean,
        split,
        normalise,
        sufficiency,
        augment,
        other,
        train,
        decide,
        evaluate,
        predict,
        explain,
        spark);
  }

  /**
   * Why the run has no validation part, as {@code split.validation = 0}; nothing if it has one, or
   * if the data alone tell.
   */
  public Optional<String> withoutValidation() {
    if (ingest.parts().contains(Part.VALIDATION) || split.by() == SplitSettings.By.COLUMN) {
      return Optional.empty();
    }
    if (split.by() == SplitSettings.By.NONE) {
      return Optional.of("split.by = none");
    }
    // Where only train and test have files, it is cut from train.
    return split.validation() == 0 ? Optional.of("split.validation = 0") : Optional.empty();
  }
}
