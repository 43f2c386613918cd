package sluice.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.augment.Augmenter;
import sluice.augment.Augmenters;
import sluice.augment.Jitter;
import sluice.data.Task;
import sluice.evaluation.GateSettings;
import sluice.evaluation.Metrics;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Label;
import sluice.network.spec.Loss;
import sluice.normalise.LabelSettings;
import sluice.training.TrainSettings;
import sluice.training.device.Device;

/** Whether what is asked of training and judging fits what is predicted. */
final class TaskFit {
  private final PipelineConfig config;
  private final Set<Task> tasks;

  private TaskFit(PipelineConfig config) {
    this.config = config;
    this.tasks = tasks(config.normalise().label());
  }

  /** Every misfit, each beginning with the path of its key; none if nothing is predicted. */
  static List<String> problems(PipelineConfig config) {
    TaskFit fit = new TaskFit(config);
    if (fit.tasks.isEmpty()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    fit.train(problems);
    fit.augment(problems);
    fit.evaluate(problems);
    return problems;
  }

  /** How many classes there are only the train rows tell, but for a label with a positive one. */
  private static Set<Task> tasks(LabelSettings label) {
    return switch (label.type()) {
      case NUMBER -> EnumSet.of(Task.REGRESSION);
      case CLASS ->
          label.positive() != null
              ? EnumSet.of(Task.BINARY)
              : EnumSet.of(Task.BINARY, Task.MULTICLASS);
      case TEXT, NONE -> EnumSet.noneOf(Task.class);
    };
  }

  private boolean isNumber() {
    return tasks.contains(Task.REGRESSION);
  }

  private String label() {
    return isNumber()
        ? "a label of numbers"
        : tasks.contains(Task.MULTICLASS) ? "a label of classes" : "a label of 2 classes";
  }

  private void train(List<String> problems) {
    TrainSettings train = config.train();
    TrainSettings.EarlyStopping stopping = train.earlyStopping();
    stopping.misfit(label(), tasks).ifPresent(problem -> problems.add("train." + problem));
    if (stopping.watched().isPresent()) {
      config
          .withoutValidation()
          .ifPresent(
              why ->
                  problems.add(
                      "train.early-stopping.metric is measured on the validation part, got %s with %s"
                          .formatted(stopping.metric(), why)));
    }
    if (isNumber() && train.classWeights() == TrainSettings.ClassWeights.BALANCED) {
      problems.add("train.class-weights must be none for a label of numbers, got balanced");
    }
    if (train.master() == TrainSettings.Master.STOCK && train.device() == Device.GPU) {
      problems.add("train.master must be averaging with train.device = gpu, got stock");
    }
    config.model().misfit(train.updater()).ifPresent(problems::add);
    Loss loss = config.model().lossOf(String.valueOf(config.normalise().label().column()));
    tasks.stream()
        .flatMap(task -> Loss.misfit(loss, task).stream())
        .distinct()
        .forEach(problems::add);
  }

  private void augment(List<String> problems) {
    List<Augmenter> steps = config.augment().steps();
    for (int i = 0; i < steps.size(); i++) {
      if (isNumber() && !(steps.get(i) instanceof Jitter)) {
        problems.add(
            "augment.steps[%s]: %s needs a label of classes, got numbers"
                .formatted(i, Augmenters.TYPES.name(steps.get(i))));
      }
    }
  }

  private void evaluate(List<String> problems) {
    LabelSettings settings = config.normalise().label();
    String column = String.valueOf(settings.column());
    Label label =
        isNumber() ? Label.number(column) : Label.binary(column, List.of("no", "yes"), "yes");
    List<String> baselines = config.evaluate().baselines();
    for (int i = 0; i < baselines.size(); i++) {
      String place = "evaluate.baselines[%s]: %s ".formatted(i, baselines.get(i));
      Baselines.objection(baselines.get(i), label)
          .ifPresent(objection -> problems.add(place + objection + ", got " + label()));
    }
    Set<String> metrics = new LinkedHashSet<>();
    tasks.forEach(task -> metrics.addAll(Metrics.names(task)));
    GateSettings gate = config.evaluate().gate();
    Map.of("at-least", gate.atLeast(), "at-most", gate.atMost(), "no-worse", gate.noWorse())
        .forEach(
            (key, bounds) ->
                bounds.keySet().stream()
                    .filter(metric -> !metrics.contains(metric))
                    .forEach(
                        metric ->
                            problems.add(
                                "evaluate.gate.%s.%s is no metric of %s, which has %s"
                                    .formatted(key, metric, label(), String.join(", ", metrics)))));
  }
}
