package sluice.stages;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.adaptation.AdaptSettings;
import sluice.adaptation.Adaptation;
import sluice.adaptation.AdaptedFrom;
import sluice.adaptation.FineTuning;
import sluice.adaptation.PretrainedNetwork;
import sluice.adaptation.Transfer;
import sluice.bundle.StartingPoint;
import sluice.features.TensorSpec;
import sluice.jobs.JobContext;
import sluice.network.Target;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedPreprocessing;

/**
 * What a training starts from: random parameters, or a network that was trained before, with which
 * it goes on or whose layers it fine-tunes.
 *
 * @param definition of the network to train
 * @param adaptation of the network
 * @param adapted what is fine-tuned; null for nothing
 * @param inputs of the stage, by name
 * @param facts for the manifest
 * @param line for people
 */
record TrainingStart(
    NetworkDefinition definition,
    Adaptation adaptation,
    @Nullable AdaptedFrom adapted,
    Map<String, String> inputs,
    Map<String, JsonNode> facts,
    String line) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  TrainingStart {
    inputs = Map.copyOf(inputs);
    facts = Map.copyOf(facts);
  }

  /** The {@link #inputs} that it would have. */
  static Map<String, String> inputs(JobContext context) {
    Optional<NamedBundle> warm = NamedBundle.toContinue(context);
    return warm.isPresent()
        ? continued(warm.get())
        : NamedPretrained.sha256(context).map(TrainingStart::adapted).orElse(Map.of());
  }

  /** Another bundle at the same path is another start. */
  private static Map<String, String> continued(NamedBundle from) {
    return Map.of(TrainStage.WARM_START, from.bundle().id());
  }

  private static Map<String, String> adapted(String sha256) {
    return Map.of(TrainStage.ADAPTED, sha256);
  }

  /**
   * What the configuration names.
   *
   * @param targets that the network is to predict
   */
  static TrainingStart of(JobContext context, FittedPreprocessing fitted, List<Target> targets) {
    NetworkSpec asked = context.config().model();
    List<TensorSpec> groups = fitted.schema().inputs();
    Optional<NamedPretrained> adapted = NamedPretrained.of(context);
    if (adapted.isPresent()) {
      NamedPretrained from = adapted.get();
      return adapted(
          from,
          fitted,
          new NetworkDefinition(asked.taking(groups, from.pretrained()), groups, targets),
          context.config().train().adapt());
    }
    NetworkDefinition definition = new NetworkDefinition(asked, groups, targets);
    return NamedBundle.toContinue(context)
        .map(warm -> continued(warm, fitted, definition))
        .orElseGet(
            () -> new TrainingStart(definition, Adaptation.none(), null, Map.of(), Map.of(), ""));
  }

  private static TrainingStart continued(
      NamedBundle from, FittedPreprocessing fitted, NetworkDefinition definition) {
    StartingPoint point = StartingPoint.of(from.bundle(), fitted, definition, from.where());
    LOG.info("train: starts from the bundle {} at {}", from.bundle().id(), from.path());
    List<String> refitted = point.refitted();
    if (!refitted.isEmpty()) {
      LOG.warn(
          "train: the values of {} are scaled otherwise than for the bundle that it starts from;"
              + " the first epochs have to make up for it",
          refitted);
    }
    TrainStage.WarmStart fact =
        new TrainStage.WarmStart(from.path().toString(), from.bundle().id(), refitted);
    return new TrainingStart(
        definition,
        Adaptation.continuing(point.parameters()),
        null,
        continued(from),
        Map.of(TrainStage.WARM_START, JobContext.fact(fact)),
        "started from bundle %s%s"
            .formatted(
                fact.id(),
                refitted.isEmpty()
                    ? ""
                    : ", which had %s on another scale".formatted(String.join(", ", refitted))));
  }

  private static TrainingStart adapted(
      NamedPretrained from,
      FittedPreprocessing fitted,
      NetworkDefinition definition,
      AdaptSettings settings) {
    PretrainedNetwork former = from.pretrained().network(definition, fitted.features());
    Transfer transfer =
        Transfer.of(former, definition, fitted.features(), settings.inputs(), from.where());
    FineTuning tuning = new FineTuning(transfer, definition, settings);
    List<String> kept =
        fitted.features().stream()
            .filter(former.features()::contains)
            .map(FittedGroup::name)
            .toList();
    AdaptedFrom adapted = tuning.from(former, kept);
    LOG.info("train: fine-tunes {} ({})", former.title(), from.named());
    LOG.info("train: taken over {}; new {}", adapted.taken(), adapted.fresh());
    return new TrainingStart(
        definition,
        tuning,
        adapted,
        adapted(former.sha256()),
        Map.of(
            TrainStage.ADAPTED,
            JobContext.fact(new TrainStage.Adapted(from.path().toString(), adapted))),
        "fine-tuned from %s: %d layers taken over, %d of them frozen%s"
            .formatted(
                former.title(),
                adapted.taken().size(),
                adapted.frozen().size(),
                adapted.adapted().isEmpty()
                    ? ""
                    : ", %d with low-rank adapters".formatted(adapted.adapted().size())));
  }
}
