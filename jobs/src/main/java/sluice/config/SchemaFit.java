package sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import sluice.clean.Cleaning;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.normalise.LabelSettings;
import sluice.normalise.LabelType;
import sluice.split.SplitSettings;

/**
 * Whether the sections of a configuration fit the columns that its schema declares, told before
 * anything is read.
 */
final class SchemaFit {
  private SchemaFit() {}

  /** Every misfit, each beginning with the path of its key. */
  static List<String> problems(PipelineConfig config) {
    DatasetContract read = config.ingest().rowContract();
    List<String> problems = new ArrayList<>(TaskFit.problems(config));
    problems.addAll(decided(config));
    problems.addAll(dated(config));
    problems.addAll(source(config));
    if (!config.ingest().path().byPart()) {
      config.split().shareProblems().forEach(problem -> problems.add("split." + problem));
    } else if (config.ingest().path().validation().isEmpty() && config.split().validation() == 1) {
      problems.add("split.validation must be below 1 where it is cut from train, got 1.0");
    }
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
    Cleaning.expressionProblems(read, config.clean().rules())
        .forEach(problem -> problems.add("clean." + problem));
    DatasetContract cleaned = new Cleaning(read, config.clean().rules()).outputContract();
    problems.addAll(config.split().problems(cleaned));
    problems.addAll(config.normalise().problems(cleaned));
    problems.addAll(
        config
            .model()
            .problems(config.normalise().groupNames(), config.normalise().labelColumns()));
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
    List<LabelType> labels =
        config.normalise().label().stream().map(LabelSettings::type).distinct().toList();
    if (!labels.contains(LabelType.CLASS)) {
      problems.addAll(
          config
              .decide()
              .problemsWithoutClasses(
                  labels.stream()
                      .map(label -> "normalise.label.type = " + label.text())
                      .collect(Collectors.joining(" and "))));
    } else {
      config
          .withoutValidation()
          .ifPresent(why -> problems.addAll(config.decide().problemsWithoutValidation(why)));
    }
    return problems.stream().map(problem -> "decide." + problem).toList();
  }

  /** What is wrong with the files to score, whatever columns they are to have. */
  private static List<String> source(PipelineConfig config) {
    PredictSettings.Source source = config.predict().source();
    if (source == null) {
      return List.of();
    }
    try {
      source.over(config.ingest(), source.path(), config.ingest().schema());
      return List.of();
    } catch (InvalidInput e) {
      return e.problems().stream()
          .filter(problem -> !problem.startsWith("schema"))
          .map(problem -> "predict.source." + problem)
          .toList();
    }
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
    PredictSettings.Source source = config.predict().source();
    if (date == null && source != null && DatedPaths.isDated(source.path())) {
      problems.add(
          "pipeline.date must be given for predict.source.path = %s, as by --set pipeline.date=2026-11-01"
              .formatted(source.path()));
    }
    return problems;
  }
}
