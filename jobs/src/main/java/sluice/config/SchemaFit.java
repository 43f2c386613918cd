package sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.clean.Cleaning;
import sluice.data.DatasetContract;
import sluice.network.Target.Task;
import sluice.normalise.LabelSettings;
import sluice.normalise.LabelType;
import sluice.split.SplitSettings;
import sluice.training.TrainSettings.EarlyStopping;

/**
 * Whether the sections of a configuration fit the columns that its schema declares, told before
 * anything is read.
 */
final class SchemaFit {
  private SchemaFit() {}

  /** Every misfit, each beginning with the path of its key. */
  static List<String> problems(PipelineConfig config) {
    DatasetContract read = config.ingest().rowContract();
    List<String> problems = new ArrayList<>(watched(config));
    problems.addAll(decided(config));
    problems.addAll(dated(config));
    if (config.ingest().path().byPart() && config.split().by() != SplitSettings.By.AUTO) {
      problems.add(
          ("split.by must not be given where ingest.path gives the files of each part, got %s: their"
                  + " rows stay in it, and validation is cut from train unless it has files")
              .formatted(config.split().by().text()));
    }
    List<String> rules = Cleaning.problems(read, config.clean().rules());
    rules.forEach(problem -> problems.add("clean." + problem));
    if (!rules.isEmpty()) {
      // Which columns the rules would leave nobody knows yet.
      return problems;
    }
    DatasetContract cleaned = new Cleaning(read, config.clean().rules()).outputContract();
    problems.addAll(config.split().problems(cleaned));
    problems.addAll(config.normalise().problems(cleaned));
    List<String> slices = config.evaluate().slices();
    for (int i = 0; i < slices.size(); i++) {
      if (!cleaned.has(slices.get(i))) {
        problems.add("evaluate.slices[%d]: %s".formatted(i, cleaned.unknown(slices.get(i))));
      }
    }
    return problems;
  }

  /** What a decision needs: classes, and for what it learns a validation part. */
  private static List<String> decided(PipelineConfig config) {
    List<String> problems = new ArrayList<>();
    LabelType label = config.normalise().label().type();
    if (label != LabelType.CLASS) {
      problems.addAll(
          config.decide().problemsWithoutClasses("normalise.label.type = " + label.text()));
    } else if (config.split().by() == SplitSettings.By.NONE) {
      problems.addAll(config.decide().problemsWithoutValidation("split.by = none"));
    } else if (config.split().by() != SplitSettings.By.COLUMN && config.split().validation() == 0) {
      problems.addAll(config.decide().problemsWithoutValidation("split.validation = 0"));
    }
    return problems.stream().map(problem -> "decide." + problem).toList();
  }

  /** A date without a place for it would give every date the same rows; a place needs a date. */
  private static List<String> dated(PipelineConfig config) {
    String date = config.pipeline().date();
    List<String> paths = config.ingest().path().all();
    List<String> problems = new ArrayList<>();
    if (date != null && !DatedPaths.isDated(paths)) {
      problems.add(
          "ingest.path must have a place for pipeline.date, as in data/{date}.csv, got %s"
              .formatted(paths));
    }
    if (date == null && DatedPaths.isDated(paths)) {
      problems.add(
          "pipeline.date must be given for ingest.path = %s, as by --set pipeline.date=2026-11-01"
              .formatted(paths));
    }
    return problems;
  }

  /** How many classes there are only the train rows tell, but for a label with a positive one. */
  private static List<String> watched(PipelineConfig config) {
    LabelSettings label = config.normalise().label();
    EarlyStopping.Metric metric = config.train().earlyStopping().metric();
    Optional<String> misfit =
        switch (label.type()) {
          case NUMBER -> metric.misfit("a label of numbers", Set.of(Task.REGRESSION));
          case CLASS ->
              label.positive() != null
                  ? metric.misfit("a label of 2 classes", Set.of(Task.BINARY))
                  : metric.misfit("a label of classes", Set.of(Task.BINARY, Task.MULTICLASS));
          case TEXT, NONE -> Optional.empty();
        };
    return misfit.map(problem -> "train." + problem).stream().toList();
  }
}
