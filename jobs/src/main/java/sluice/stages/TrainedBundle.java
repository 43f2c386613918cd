package sluice.stages;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import sluice.adaptation.AdaptedFrom;
import sluice.bundle.ModelBundle;
import sluice.bundle.Provenance;
import sluice.clean.Cleaning;
import sluice.config.ConfigHash;
import sluice.config.PipelineConfig;
import sluice.jobs.JobContext;
import sluice.network.Natives;
import sluice.network.compiled.MatrixProducts;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.run.CodeVersion;
import sluice.run.Stage;
import sluice.training.TrainedNetwork;
import sluice.training.device.Device;

/** Makes a bundle of a trained network, and says what decided it. */
final class TrainedBundle {
  private static final String ND4J_BUILD = "/org/eclipse/org.nd4j-nd4j-api-git.properties";

  private TrainedBundle() {}

  /**
   * The sections that decide what is in a bundle, by name. The others may change without another
   * training: where runs are kept, what is compared, explained and predicted, and Spark's settings.
   */
  static Map<String, Object> sections(PipelineConfig config) {
    Map<String, Object> sections = new LinkedHashMap<>();
    sections.put("ingest", config.ingest());
    sections.put("clean", config.clean());
    sections.put("split", config.split());
    sections.put("normalise", config.normalise());
    sections.put("sufficiency", config.sufficiency());
    sections.put("augment", config.augment());
    sections.put("model", config.model());
    // What was asked for decides nothing: what the training then was on is among the inputs.
    sections.put("train", config.train().on(Device.AUTO));
    sections.put("decide", config.decide());
    return sections;
  }

  /**
   * The network with the rules and the preprocessing that scoring takes, and what it was made from.
   *
   * @param inputs fingerprints of what was trained on
   * @param adapted what it was fine-tuned from; null if it was not
   */
  static ModelBundle bundle(
      JobContext context,
      FittedPreprocessing fitted,
      TrainedNetwork trained,
      Map<String, String> inputs,
      @Nullable AdaptedFrom adapted) {
    PipelineConfig config = context.config();
    Cleaning scoring = CleanStage.cleaning(context.read(Stage.RAW), config).scoring();
    for (FittedLabel label : fitted.labels()) {
      scoring = scoring.without(label.column());
    }
    Map<String, Long> rows = new TreeMap<>();
    for (Stage stage : List.of(Stage.RAW, Stage.QUARANTINE, Stage.CLEAN, Stage.REJECTS)) {
      context
          .windowRows(stage)
          .forEach((name, count) -> rows.put(stage.directory() + "." + name, count));
    }
    rows.putAll(context.published(Stage.SPLIT).manifest().rows());
    rows.putAll(context.published(Stage.AUGMENTED).manifest().rows());
    Map<String, String> data = new TreeMap<>(context.windowInputs(Stage.RAW));
    data.putAll(inputs);
    return new ModelBundle(
            scoring,
            fitted,
            trained.definition().withInputs(fitted.schema().inputs()),
            trained.parameters(),
            new Provenance(
                config.pipeline().name(),
                data,
                String.join("\n", context.resolved().redacted(sections(config)::containsKey)),
                ConfigHash.of(PipelineConfig.FAMILIES, sections(config).values().toArray()),
                config.pipeline().seed(),
                CodeVersion.current(),
                versions(context),
                machine(),
                rows,
                trained.plan(),
                trained.bestEpoch(),
                trained.history(),
                adapted))
        .reading(config.ingest().notation());
  }

  /** Versions of what computes. */
  static Map<String, String> versions(JobContext context) {
    Map<String, String> versions = new TreeMap<>();
    versions.put("java", System.getProperty("java.version"));
    versions.put("spark", context.spark().version());
    versions.put("nd4j", nd4j());
    versions.put("backend", Natives.load().backend());
    versions.put("natives", Natives.load().platform());
    return versions;
  }

  /** As its build wrote it down: what its manifest says is gone where one jar holds everything. */
  private static String nd4j() {
    Properties build = new Properties();
    try (InputStream in = requireNonNull(Nd4j.class.getResourceAsStream(ND4J_BUILD))) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("git.build.version");
  }

  /** On what kind of machine. */
  static Map<String, String> machine() {
    Map<String, String> machine = new TreeMap<>();
    machine.put("os", System.getProperty("os.name"));
    machine.put("architecture", System.getProperty("os.arch"));
    machine.put("blas", Natives.load().blas());
    if (Natives.load().cpu()) {
      machine.put(ModelBundle.PRODUCTS, MatrixProducts.ofThisProcess().identity());
    }
    machine.put("layers", Natives.load().layers().name().toLowerCase(Locale.ROOT));
    return machine;
  }
}
