package sluice.stages;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.adaptation.AdaptedFrom;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.config.ConfigHash;
import sluice.config.PipelineConfig;
import sluice.data.Auto;
import sluice.data.Columns;
import sluice.data.Sha256;
import sluice.decision.FittedDecision;
import sluice.evaluation.metric.Label;
import sluice.features.TensorColumns;
import sluice.features.TensorSpec;
import sluice.jobs.Job;
import sluice.jobs.JobContext;
import sluice.jobs.OnStop;
import sluice.jobs.Rerun;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.network.Target;
import sluice.normalise.FeatureColumns;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.NumberLabel;
import sluice.normalise.TagsLabel;
import sluice.run.Attempt;
import sluice.run.CodeVersion;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;
import sluice.training.Advice;
import sluice.training.LabelUnits;
import sluice.training.TrainedNetwork;
import sluice.training.Trainer;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.checkpoint.Checkpoints;
import sluice.training.device.ComputeDevice;

/** {@code features} and {@code augmented} to {@code model}. */
public final class TrainStage implements StageWork {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  /** The manifest's fact that holds how long each epoch took, in seconds. */
  static final String SECONDS = "secondsEachEpoch";

  /**
   * The manifest's fact that holds how fast the rounds were and where their time went; not there if
   * the last checkpoint had all of them.
   */
  public static final String SPEED = "speed";

  /** The manifest's fact that holds the settings that may be left to the data, as they were. */
  static final String PLAN = "plan";

  /**
   * The manifest's fact that tells whether training had converged, and what to raise if not; not
   * there if training stopped early.
   */
  public static final String CONVERGENCE = "convergence";

  /** The manifest's fact that holds what was predicted of that, where it was. */
  static final String ADVICE = "advice";

  /**
   * What then happened.
   *
   * @param examplesPerSecond of all rounds, validation left out
   * @param slots that there were
   * @param compute share of the slots' time that went into steps
   * @param data share that went into making minibatches
   * @param transport share that went into averaging and waiting
   */
  record Speed(
      double examplesPerSecond, int slots, double compute, double data, double transport) {}

  /**
   * The manifest's fact that tells what the steps were computed on; its input too where that was a
   * GPU, which computes other bits.
   */
  public static final String DEVICE = "device";

  /**
   * What the steps were computed on.
   *
   * @param kind {@code cpu} or {@code gpu}
   * @param reason what was found
   */
  public record Device(String kind, String reason) {}

  /** The manifest's input and fact that tell which bundle the first parameters are from. */
  public static final String WARM_START = "warmStart";

  /**
   * What the first parameters are from.
   *
   * @param path the bundle's directory
   * @param id the bundle's name, made of its content
   * @param refitted the raw columns whose values were scaled otherwise for it
   */
  public record WarmStart(String path, String id, List<String> refitted) {}

  /** The manifest's input and fact that tell which bundle was fine-tuned. */
  public static final String ADAPTED = "adapted";

  /**
   * What was fine-tuned.
   *
   * @param path the bundle's directory
   */
  public record Adapted(String path, AdaptedFrom from) {}

  /** The manifest's fact that holds the configuration, as a file could. */
  public static final String CONFIGURATION = "configuration";

  /** The manifest's fact that tells what makes classes of the network's probabilities. */
  static final String DECISION = "decision";

  /** The manifest's count of the examples that an epoch trained. */
  static final String TRAINED = "trained";

  @Override
  public Stage stage() {
    return Stage.MODEL;
  }

  @Override
  public String purpose() {
    return "Trains the network on the train features and the added examples.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    @Nullable String start = config.train().warmStart().bundle();
    @Nullable String adapted = config.train().adapt().from();
    @Nullable AveragingFrequency frequency = config.train().averagingFrequency();
    return List.of(
        (start == null ? "" : "from the bundle at %s ".formatted(start))
            + (adapted == null ? "" : "fine-tune %s, ".formatted(adapted))
            + "train %s epochs at most, minibatches of %s, %s logical workers, averaged every %s minibatches"
                .formatted(
                    orAuto(config.train().epochs()),
                    orAuto(config.train().batchSize()),
                    orAuto(config.train().logicalWorkers()),
                    frequency == null ? Auto.TEXT : frequency.text()));
  }

  private static String orAuto(@Nullable Integer value) {
    return value == null ? Auto.TEXT : value.toString();
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return new ArrayList<>(TrainedBundle.sections(config).values());
  }

  /** What decides how the parameters come out: a decision is learned afterwards. */
  private static Object[] trainedBy(PipelineConfig config) {
    Map<String, Object> sections = TrainedBundle.sections(config);
    sections.remove("decide");
    return sections.values().toArray();
  }

  /** What was learned of the decision of each label. */
  static List<FittedDecision> decided(JobContext context, ModelBundle bundle) {
    int labels = bundle.targets().size();
    return labels == 1
        ? List.of(
            context.fact(Stage.MODEL, DECISION, FittedDecision.class).orElse(FittedDecision.NONE))
        : context.facts(Stage.MODEL, DECISION, FittedDecision[].class);
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return inputs(context, TrainingStart.inputs(context));
  }

  private static Map<String, String> inputs(JobContext context, Map<String, String> start) {
    Map<String, String> inputs =
        new LinkedHashMap<>(context.fingerprints(Stage.FEATURES, Stage.AUGMENTED));
    inputs.putAll(context.windowFingerprints(Stage.RAW));
    inputs.putAll(start);
    if (device(context).kind() == ComputeDevice.Kind.GPU) {
      inputs.put(DEVICE, ComputeDevice.Kind.GPU.text());
    }
    return inputs;
  }

  private static ComputeDevice device(JobContext context) {
    return ComputeDevice.of(context.config().train().device(), context.spark());
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    ComputeDevice device = device(context);
    LOG.info("train: {}", device.text());
    FittedPreprocessing fitted = context.preprocessing();
    DecisionFit.check(context, fitted.labels());
    TrainingStart start = TrainingStart.of(context, fitted, targets(fitted));
    // Read once: whoever changes the bundle meanwhile must not change what is said of this
    // training.
    Map<String, String> inputs = inputs(context, start.inputs());
    Dataset<Row> validation = examples(context, fitted, Part.VALIDATION);
    context.progress().begin("train", "examples");
    Checkpoints checkpoints = checkpoints(context, inputs);
    TrainedNetwork trained =
        OnStop.during(
            () ->
                trainer(context, fitted, start)
                    .train(train(context, fitted), validation, checkpoints),
            () -> save(checkpoints));
    context.progress().end();
    ModelBundle undecided = TrainedBundle.bundle(context, fitted, trained, inputs, start.adapted());
    List<FittedDecision> decided = DecisionFit.of(context, undecided);
    ModelBundle bundle = undecided.decided(decided.stream().map(FittedDecision::decision).toList());
    Map<String, JsonNode> facts = facts(context, device, trained, start);
    facts.put(DECISION, JobContext.fact(decided.size() == 1 ? decided.get(0) : decided));
    List<String> lines = TrainingSummary.lines(trained, bundle.id(), start.line());
    lines.addAll(DecisionFit.lines(bundle, decided));
    bundle.files().forEach((name, content) -> context.writeFile(attempt.path(), name, content));
    return new StageResult(
        List.of(
            new StageOutput(
                Stage.MODEL, Map.of(TRAINED, trained.examplesEachEpoch()), bundle.id(), facts)),
        lines);
  }

  /** The round that is under way is given up; the one before is on disk. */
  private static void save(Checkpoints checkpoints) {
    checkpoints
        .save()
        .ifPresent(file -> LOG.info("train: stopped, the latest finished round is {}", file));
  }

  /** What {@code train --advise} says. */
  public static Advice advise(JobContext context, double seconds) {
    FittedPreprocessing fitted = context.preprocessing();
    TrainingStart start = TrainingStart.of(context, fitted, targets(fitted));
    return trainer(context, fitted, start).advise(train(context, fitted), seconds);
  }

  @Override
  public Optional<Job> adviser() {
    return Optional.of(new AdviseJob());
  }

  private static Trainer trainer(
      JobContext context, FittedPreprocessing fitted, TrainingStart start) {
    PipelineConfig config = context.config();
    return new Trainer(
            start.definition().withInputs(stored(context, fitted)),
            config.train(),
            fitted.labels().stream().map(TrainStage::units).toList(),
            config.pipeline().seed(),
            TrainingSummary.shown(context.progress()))
        .from(start.adaptation());
  }

  private static List<Target> targets(FittedPreprocessing fitted) {
    return fitted.labels().stream().map(TrainStage::target).toList();
  }

  private static Dataset<Row> train(JobContext context, FittedPreprocessing fitted) {
    return examples(context, fitted, Part.TRAIN)
        .unionByName(examples(context.read(Stage.AUGMENTED), fitted));
  }

  /**
   * How training keeps examples. If an augmenter made numbers of a picture's bytes, all of its
   * pictures are numbers, since training keeps all examples alike.
   */
  private static List<TensorSpec> stored(JobContext context, FittedPreprocessing fitted) {
    StructType added = context.read(Stage.AUGMENTED).schema();
    return fitted.schema().inputs().stream()
        .map(
            input ->
                added.apply(input.name()).dataType() instanceof ArrayType ? input.decoded() : input)
        .toList();
  }

  private static Dataset<Row> examples(JobContext context, FittedPreprocessing fitted, Part part) {
    List<TensorSpec> stored = stored(context, fitted);
    return TensorColumns.decoded(
        examples(part(context.read(Stage.FEATURES), part), fitted),
        fitted.schema().inputs().stream().filter(input -> !stored.contains(input)).toList());
  }

  private static Map<String, JsonNode> facts(
      JobContext context, ComputeDevice device, TrainedNetwork trained, TrainingStart start) {
    Map<String, JsonNode> facts = new TreeMap<>();
    facts.put(CONFIGURATION, JobContext.fact(context.resolved().source()));
    facts.put(DEVICE, JobContext.fact(new Device(device.kind().text(), device.reason())));
    facts.putAll(start.facts());
    facts.put(SECONDS, JobContext.fact(trained.seconds()));
    if (trained.trained() > 0) {
      facts.put(SPEED, JobContext.fact(TrainingSummary.speed(trained)));
    }
    facts.put(PLAN, JobContext.fact(trained.plan()));
    if (trained.convergence() != null) {
      facts.put(CONVERGENCE, JobContext.fact(trained.convergence()));
    }
    if (trained.advice() != null) {
      facts.put(ADVICE, JobContext.fact(trained.advice()));
    }
    return facts;
  }

  /**
   * The checkpoints of this very training: of the same inputs, configuration and code, and on the
   * same kind of processor, since another computes other bits. Those of others are of no use.
   */
  private Checkpoints checkpoints(JobContext context, Map<String, String> inputs) {
    PipelineConfig config = context.config();
    String training =
        Sha256.hexOf(
                String.join(
                        "\n",
                        new TreeMap<>(inputs).toString(),
                        ConfigHash.of(PipelineConfig.FAMILIES, trainedBy(config)),
                        Long.toString(config.pipeline().seed()),
                        CodeVersion.current(),
                        TrainedBundle.machine().toString(),
                        TrainedBundle.versions(context).toString())
                    .getBytes(StandardCharsets.UTF_8))
            .substring(0, 32);
    Checkpoints checkpoints =
        new Checkpoints(
            new Path(context.run().directory().root(), Stage.CHECKPOINTS.directory()),
            context.hadoop(),
            training);
    checkpoints.clearOthers();
    if (context.rerun() == Rerun.ALWAYS) {
      checkpoints.clear();
    }
    return checkpoints;
  }

  private static Dataset<Row> part(Dataset<Row> features, Part part) {
    return features.filter(col(FeatureColumns.PART).equalTo(part.text()));
  }

  private static Dataset<Row> examples(Dataset<Row> rows, FittedPreprocessing fitted) {
    List<Column> columns = new ArrayList<>();
    columns.add(col(FeatureColumns.KEY));
    columns.add(col(FeatureColumns.LABEL));
    for (TensorSpec group : fitted.schema().inputs()) {
      columns.add(Columns.named(group.name()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static LabelUnits units(FittedLabel fitted) {
    return fitted instanceof NumberLabel number
        ? number::unscaled
        : LabelUnits.of(BundleTarget.label(fitted));
  }

  private static Target target(FittedLabel fitted) {
    if (fitted instanceof TagsLabel tags) {
      return Target.tags(tags.tags().size(), new Target.Steps(tags.of(), tags.meanLength()))
          .named(tags.column());
    }
    Label label = BundleTarget.label(fitted);
    int classes = label.classes().size();
    Target target =
        switch (label.task()) {
          case BINARY -> Target.binary(label.classes().indexOf(label.positive()));
          case MULTICLASS -> Target.classes(classes);
          case REGRESSION -> Target.number();
          case MULTILABEL -> Target.names(classes);
          case TAGS -> throw new IllegalStateException("tags without steps: " + fitted);
        };
    return target.named(label.column());
  }
}
