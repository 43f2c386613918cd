package sluice.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.Task;
import sluice.jobs.Progress;
import sluice.network.Target;
import sluice.training.Advice;
import sluice.training.Convergence;
import sluice.training.TrainedNetwork;
import sluice.training.TrainingProgress;
import sluice.training.averaging.RoundProgress;
import sluice.training.averaging.TimeBreakdown;
import sluice.training.checkpoint.EpochRecord;

/** What a training says of itself, on screen and in the log: while it goes, and at its end. */
final class TrainingSummary {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  private TrainingSummary() {}

  /**
   * What a person is told of a training at its end.
   *
   * @param bundle the name of the bundle with its parameters
   * @param start what its first parameters are from; empty for random ones
   */
  static List<String> lines(TrainedNetwork trained, String bundle, String start) {
    List<EpochRecord> history = trained.history();
    EpochRecord best =
        history.stream()
            .filter(epoch -> epoch.epoch() == trained.bestEpoch())
            .findFirst()
            .orElseThrow();
    @Nullable Double validation = best.validationLoss();
    double seconds = trained.seconds().stream().mapToDouble(Double::doubleValue).sum();
    long examples = history.stream().mapToLong(EpochRecord::examples).sum();
    TimeBreakdown time = trained.time();
    List<String> lines = new ArrayList<>();
    if (!start.isEmpty()) {
      lines.add(start);
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d parameters, %d epochs, the best is %d: training loss %.4f%s",
            trained.parameters().length,
            history.get(history.size() - 1).epoch(),
            best.epoch(),
            best.trainLoss(),
            validation == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", validation loss %.4f%s",
                    validation,
                    figures(best.validationMetrics()))));
    lines.addAll(unmeasured(trained.definition().targets(), best));
    lines.add(trained.plan().text(validation != null));
    Optional.ofNullable(trained.convergence()).flatMap(Convergence::warning).ifPresent(lines::add);
    if (trained.trained() == 0) {
      lines.add("trained before: no setting of the training has changed since");
      LOG.info("train: no round was left; bundle {}", bundle);
      return lines;
    }
    LOG.info(
        "train: {} examples/s, {} with validation; {}; bundle {}",
        Math.round(speed(trained).examplesPerSecond()),
        Math.round(examples / seconds),
        shares(time),
        bundle);
    return lines;
  }

  /** Of several labels those of classes that no row of the validation part has. */
  private static List<String> unmeasured(List<Target> targets, EpochRecord epoch) {
    if (epoch.validationLoss() == null || targets.size() == 1) {
      return List.of();
    }
    return targets.stream()
        .filter(target -> target.task() != Task.REGRESSION)
        .map(target -> target.name() + ".accuracy")
        .filter(name -> !epoch.validationMetrics().containsKey(name))
        .map("validation %s is undefined: no validation row has the label"::formatted)
        .toList();
  }

  /** How fast it was, and where its time went. */
  static TrainStage.Speed speed(TrainedNetwork trained) {
    TimeBreakdown time = trained.time();
    return new TrainStage.Speed(
        time.wall() == 0 ? 0 : trained.trained() / time.wall(),
        time.slots(),
        time.computeShare(),
        time.dataShare(),
        time.transportShare());
  }

  private static String shares(TimeBreakdown time) {
    return String.format(
        Locale.ROOT,
        "%.0f %% compute, %.0f %% data, %.0f %% transport",
        100 * time.computeShare(),
        100 * time.dataShare(),
        100 * time.transportShare());
  }

  private static String figures(SortedMap<String, Double> metrics) {
    StringBuilder figures = new StringBuilder();
    metrics.forEach(
        (name, value) -> figures.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
    return figures.toString();
  }

  /** Shows how a training goes while it does. */
  static TrainingProgress shown(Progress progress) {
    return new TrainingProgress() {
      private long before;

      @Override
      public void advised(Advice advice) {
        LOG.info("train: {}", advice.lines().get(advice.lines().size() - 1));
      }

      @Override
      public void averaged(RoundProgress now) {
        List<String> figures = new ArrayList<>();
        figures.add(
            "epoch %d of %d, round %d".formatted(now.epoch(), now.epochs(), now.averagings()));
        figures.add(String.format(Locale.ROOT, "loss %.4f", now.loss()));
        if (now.validationLoss() != null) {
          figures.add(
              String.format(
                  Locale.ROOT,
                  "validation %.4f%s",
                  now.validationLoss(),
                  figures(now.validationMetrics())));
        }
        figures.add(shares(now.spent()));
        progress.advance(
            before + now.done(), now.total() * now.epochs(), figures.toArray(String[]::new));
      }

      @Override
      public void epochEnded(EpochRecord epoch, int epochs, double seconds) {
        before += epoch.examples();
      }
    };
  }
}
