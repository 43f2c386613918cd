package sluice.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.augment.Augmenter;
import sluice.augment.Augmenters;
import sluice.data.SpanScheme;
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

  /** The labels by their columns, each with the tasks of which it may be. */
  private final Map<String, Set<Task>> labels = new LinkedHashMap<>();

  private TaskFit(PipelineConfig config) {
    this.config = config;
    for (LabelSettings label : config.normalise().label()) {
      Set<Task> tasks = tasks(label);
      if (label.column() != null && !tasks.isEmpty()) {
        labels.put(label.column(), tasks);
      }
    }
  }

  /** Every misfit, each beginning with the path of its key; none if nothing is predicted. */
  static List<String> problems(PipelineConfig config) {
    TaskFit fit = new TaskFit(config);
    if (fit.labels.isEmpty()) {
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
      case TAGS -> EnumSet.of(Task.TAGS);
      case SET -> EnumSet.of(Task.MULTILABEL);
      case CLASS ->
          label.positive() != null
              ? EnumSet.of(Task.BINARY)
              : EnumSet.of(Task.BINARY, Task.MULTICLASS);
      case TEXT, NONE -> EnumSet.noneOf(Task.class);
    };
  }

  private static boolean isNumber(Set<Task> tasks) {
    return tasks.contains(Task.REGRESSION);
  }

  private static String described(Set<Task> tasks) {
    if (tasks.contains(Task.TAGS)) {
      return "a label of tags";
    }
    if (tasks.contains(Task.MULTILABEL)) {
      return "a label of sets";
    }
    return isNumber(tasks)
        ? "a label of numbers"
        : tasks.contains(Task.MULTICLASS) ? "a label of classes" : "a label of 2 classes";
  }

  /** Whether all labels are numbers. */
  private boolean areNumbers() {
    return labels.values().stream().allMatch(TaskFit::isNumber);
  }

  /** Whether no label has classes or tags of which some may count for more than others. */
  private boolean areNotBalanced() {
    return labels.values().stream()
        .allMatch(tasks -> isNumber(tasks) || tasks.contains(Task.MULTILABEL));
  }

  /** Whether some label is one of classes. */
  private boolean areOfClasses() {
    return labels.values().stream().flatMap(Set::stream).anyMatch(Task::isOfClasses);
  }

  private boolean isOf(Task task) {
    return labels.values().stream().anyMatch(tasks -> tasks.contains(task));
  }

  private String described() {
    return labels.size() == 1
        ? described(labels.values().iterator().next())
        : areNumbers() ? "labels of numbers" : "labels " + String.join(", ", labels.keySet());
  }

  private void train(List<String> problems) {
    TrainSettings train = config.train();
    TrainSettings.EarlyStopping stopping = train.earlyStopping();
    stopping.misfit(labels).ifPresent(problem -> problems.add("train." + problem));
    if (stopping.watched().isPresent()) {
      config
          .withoutValidation()
          .ifPresent(
              why ->
                  problems.add(
                      "train.early-stopping.metric is measured on the validation part, got %s with %s"
                          .formatted(stopping.metric(), why)));
    }
    if (areNotBalanced() && train.classWeights() == TrainSettings.ClassWeights.BALANCED) {
      problems.add("train.class-weights must be none for %s, got balanced".formatted(described()));
    }
    if (train.master() == TrainSettings.Master.STOCK && train.device() == Device.GPU) {
      problems.add("train.master must be averaging with train.device = gpu, got stock");
    }
    config.model().misfit(train.updater()).ifPresent(problems::add);
    labels.forEach(
        (label, tasks) -> {
          Loss loss = config.model().lossOf(label);
          tasks.stream()
              .flatMap(task -> Loss.misfit(loss, task).stream())
              .distinct()
              .map(problem -> labels.size() == 1 ? problem : problem + ", as " + label + " is")
              .forEach(problems::add);
        });
  }

  private void augment(List<String> problems) {
    List<Augmenter> steps = config.augment().steps();
    for (int i = 0; i < steps.size(); i++) {
      if ((!areOfClasses() || labels.size() > 1) && steps.get(i).needsClasses()) {
        problems.add(
            "augment.steps[%s]: %s needs %s, got %s"
                .formatted(
                    i,
                    Augmenters.TYPES.name(steps.get(i)),
                    labels.size() > 1 ? "one label of classes" : "a label of classes",
                    labels.size() > 1
                        ? labels.size() + " labels"
                        : areNumbers() ? "numbers" : isOf(Task.TAGS) ? "tags" : "sets"));
      }
    }
  }

  private void evaluate(List<String> problems) {
    baselines("evaluate.baselines", config.evaluate().baselines(), problems);
    baselines("explain.baselines", config.explain().baselines(), problems);
    Set<String> metrics = new LinkedHashSet<>();
    labels.forEach(
        (label, tasks) ->
            tasks.forEach(
                task ->
                    Metrics.names(task)
                        .forEach(
                            name -> metrics.add(labels.size() == 1 ? name : label + "." + name))));
    GateSettings gate = config.evaluate().gate();
    misnamed("at-least", gate.atLeast(), metrics, problems);
    misnamed("at-most", gate.atMost(), metrics, problems);
    misnamed("no-worse", gate.noWorse(), metrics, problems);
  }

  private void misnamed(
      String key, Map<String, Double> bounds, Set<String> metrics, List<String> problems) {
    bounds.keySet().stream()
        .filter(metric -> !metrics.contains(metric))
        .forEach(
            metric ->
                problems.add(
                    "evaluate.gate.%s.%s is no metric of %s, which has %s"
                        .formatted(key, metric, described(), String.join(", ", metrics))));
  }

  private void baselines(String key, List<String> baselines, List<String> problems) {
    for (int i = 0; i < baselines.size(); i++) {
      String place = "%s[%s]: %s ".formatted(key, i, baselines.get(i));
      objection(baselines.get(i))
          .ifPresent(objection -> problems.add(place + objection + ", got " + described()));
    }
  }

  /** Why a baseline suits no label; empty if it suits one. */
  private Optional<String> objection(String baseline) {
    Optional<String> last = Optional.empty();
    for (Map.Entry<String, Set<Task>> each : labels.entrySet()) {
      last = Baselines.objection(baseline, example(each.getKey(), each.getValue()));
      if (last.isEmpty()) {
        return last;
      }
    }
    return last;
  }

  /** A label of these tasks, whatever its classes are. */
  private static Label example(String column, Set<Task> tasks) {
    if (tasks.contains(Task.TAGS)) {
      return Label.tags(column, List.of("no", "yes"), new Label.Tagging(column, SpanScheme.NONE));
    }
    if (tasks.contains(Task.MULTILABEL)) {
      return Label.set(column, List.of("a", "b"), ",");
    }
    return isNumber(tasks)
        ? Label.number(column)
        : Label.binary(column, List.of("no", "yes"), "yes");
  }
}
