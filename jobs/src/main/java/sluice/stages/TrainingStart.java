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
import sluice.adaptation.Transfer;
import sluice.bundle.StartingPoint;
import sluice.jobs.JobContext;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedPreprocessing;

/**
 * What a training starts from, where that is a bundle: it goes on with the same network, or
 * fine-tunes layers of it.
 *
 * @param adaptation of the network
 * @param adapted what is fine-tuned; null if training goes on
 * @param inputs of the stage, by name
 * @param facts for the manifest
 * @param line for people
 */
record TrainingStart(
    Adaptation adaptation,
    @Nullable AdaptedFrom adapted,
    Map<String, String> inputs,
    Map<String, JsonNode> facts,
    String line) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  /** From random parameters. */
  private static final TrainingStart RANDOM =
      new TrainingStart(Adaptation.none(), null, Map.of(), Map.of(), "");

  TrainingStart {
    inputs = Map.copyOf(inputs);
    facts = Map.copyOf(facts);
  }

  /** The {@link #inputs} that it would have. */
  static Map<String, String> inputs(JobContext context) {
    Optional<NamedBundle> warm = NamedBundle.toContinue(context);
    return warm.isPresent()
        ? continued(warm.get())
        : NamedBundle.toAdapt(context).map(TrainingStart::adapted).orElse(Map.of());
  }

  /** Another bundle at the same path is another start. */
  private static Map<String, String> continued(NamedBundle from) {
    return Map.of(TrainStage.WARM_START, from.bundle().id());
  }

  private static Map<String, String> adapted(NamedBundle from) {
    return Map.of(TrainStage.ADAPTED, from.bundle().sha256());
  }

  /** What the configuration names. */
  static TrainingStart of(
      JobContext context, FittedPreprocessing fitted, NetworkDefinition definition) {
    Optional<NamedBundle> warm = NamedBundle.toContinue(context);
    if (warm.isPresent()) {
      return continued(warm.get(), fitted, definition);
    }
    return NamedBundle.toAdapt(context)
        .map(from -> adapted(from, fitted, definition, context.config().train().adapt()))
        .orElse(RANDOM);
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
      NamedBundle from,
      FittedPreprocessing fitted,
      NetworkDefinition definition,
      AdaptSettings settings) {
    Transfer transfer =
        Transfer.of(from.bundle(), definition, fitted.features(), settings.inputs(), from.where());
    FineTuning tuning = new FineTuning(transfer, definition, settings);
    List<String> kept =
        fitted.features().stream()
            .filter(from.bundle().features()::contains)
            .map(FittedGroup::name)
            .toList();
    AdaptedFrom adapted = tuning.from(from.bundle(), kept);
    LOG.info("train: fine-tunes the bundle {} at {}", from.bundle().id(), from.path());
    LOG.info("train: taken over {}; new {}", adapted.taken(), adapted.fresh());
    return new TrainingStart(
        tuning,
        adapted,
        adapted(from),
        Map.of(
            TrainStage.ADAPTED,
            JobContext.fact(new TrainStage.Adapted(from.path().toString(), adapted))),
        "fine-tuned from bundle %s: %d layers taken over, %d of them frozen%s"
            .formatted(
                from.bundle().id(),
                adapted.taken().size(),
                adapted.frozen().size(),
                adapted.adapted().isEmpty()
                    ? ""
                    : ", %d with low-rank adapters".formatted(adapted.adapted().size())));
  }
}
