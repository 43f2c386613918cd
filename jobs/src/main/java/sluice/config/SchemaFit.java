package sluice.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sluice.adaptation.AdaptSettings;
import sluice.augment.Augment;
import sluice.bundle.BatchScorer;
import sluice.bundle.PredictionColumns;
import sluice.clean.Cleaning;
import sluice.data.DatasetContract;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.evaluation.SliceSettings;
import sluice.evaluation.baselines.Baselines;
import sluice.features.Element;
import sluice.ingest.DatedPaths;
import sluice.ingest.IngestSettings;
import sluice.normalise.FeatureColumns;
import sluice.normalise.LabelSettings;
import sluice.normalise.LabelType;
import sluice.normalise.NormaliseSettings.TaggedText;
import sluice.split.Part;
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
    Set<Part> parts = config.ingest().parts();
    if (parts.isEmpty()) {
      config.split().shareProblems().forEach(problem -> problems.add("split." + problem));
    } else if (!parts.contains(Part.VALIDATION) && config.split().validation() == 1) {
      problems.add("split.validation must be below 1 where it is cut from train, got 1.0");
    }
    if (!parts.isEmpty() && config.split().by() != SplitSettings.By.AUTO) {
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
    problems.addAll(adapted(config));
    problems.addAll(series(config, config.normalise().series(cleaned)));
    problems.addAll(
        Augment.problems(
            config.augment(),
            cleaned,
            config.normalise().features().stream()
                .flatMap(group -> group.columns().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new))));
    for (TaggedText tagged : config.normalise().tagged()) {
      problems.addAll(config.model().tagProblems(tagged.label(), tagged.group()));
    }
    problems.addAll(
        Augment.taggedProblems(
            config.augment(),
            config.normalise().tagged().stream().map(TaggedText::column).toList()));
    problems.addAll(predicted(config));
    problems.addAll(slices(config.evaluate().slices(), cleaned));
    return problems;
  }

  /** What is taken over from another network is of feature groups. */
  private static List<String> adapted(PipelineConfig config) {
    AdaptSettings adapt = config.train().adapt();
    List<String> groups = config.normalise().groupNames();
    List<String> problems = new ArrayList<>();
    for (String input : adapt.inputs()) {
      if (!groups.contains(input)) {
        problems.add(
            "train.adapt.inputs must be feature groups, got %s; there are %s"
                .formatted(input, String.join(", ", groups)));
      }
    }
    for (String group : config.model().pretrained()) {
      if (adapt.from() == null) {
        problems.add(
            "model.inputs.%s = pretrained needs train.adapt.from, which names what it is of"
                .formatted(group));
      } else if (!adapt.inputs().isEmpty() && !adapt.inputs().contains(group)) {
        problems.add(
            "train.adapt.inputs must have %s, whose encoder is pretrained, got %s"
                .formatted(group, adapt.inputs()));
      }
    }
    return problems;
  }

  /** Slices are of columns that there are, and only texts have lengths and languages. */
  private static List<String> slices(List<SliceSettings> slices, DatasetContract cleaned) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      String column = slices.get(i).column();
      String place = "evaluate.slices[%d]: ".formatted(i);
      if (!cleaned.has(column)) {
        problems.add(place + cleaned.unknown(column));
      } else if (slices.get(i).by() != SliceSettings.By.VALUE
          && cleaned.type(column) != FieldType.STRING) {
        problems.add(
            place
                + "by = %s needs a column of texts, %s is %s"
                    .formatted(
                        slices.get(i).by().name().toLowerCase(Locale.ROOT),
                        column,
                        cleaned.type(column).ddl()));
      }
    }
    return problems;
  }

  /** What cannot be done with feature groups that are series. */
  private static List<String> series(PipelineConfig config, Map<String, Element> series) {
    List<String> problems = new ArrayList<>();
    series.forEach(
        (group, element) -> {
          if (!config.model().readsSeries(group, element)) {
            boolean weighted = element == Element.WEIGHTED_INDEX;
            problems.add(
                "model must read feature group %1$s, which is a series%2$s, by an encoder of its own, as in model { type = network, inputs { %1$s = %3$s } }, or be auto"
                    .formatted(
                        group,
                        weighted ? " of weighted indices" : "",
                        weighted ? "bag" : "textcnn"));
          }
        });
    List<String> names = List.copyOf(series.keySet());
    problems.addAll(Augment.problems(config.augment(), names));
    baselines("evaluate.baselines", config.evaluate().baselines(), names, problems);
    baselines("explain.baselines", config.explain().baselines(), names, problems);
    return problems;
  }

  private static void baselines(
      String key, List<String> baselines, List<String> series, List<String> problems) {
    for (int i = 0; i < baselines.size(); i++) {
      String place = "%s[%s]: %s ".formatted(key, i, baselines.get(i));
      Baselines.objection(baselines.get(i), series)
          .ifPresent(objection -> problems.add(place + objection));
    }
  }

  /** Columns of predictions that would have one name, as far as no row is needed to tell. */
  private static List<String> predicted(PipelineConfig config) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (LabelSettings label : config.normalise().label()) {
      if (label.column() != null) {
        labels.put(
            label.column(), label.positive() == null ? List.of() : List.of(label.positive()));
      }
    }
    List<String> problems = new ArrayList<>(PredictionColumns.problems(labels));
    PredictSettings predict = config.predict();
    if (predict.source() != null && predict.keep() != null) {
      List<String> own =
          new ArrayList<>(
              List.of(
                  FeatureColumns.KEY,
                  PredictionColumns.SOURCE,
                  PredictionColumns.POSITION,
                  PredictionColumns.BUNDLE));
      if (predict.bundle() == PredictSettings.Bundle.RUN) {
        labels
            .keySet()
            .forEach(
                label ->
                    own.add(
                        PredictionColumns.named(
                            BatchScorer.PREDICTION, label, labels.size() == 1)));
      }
      predict.clash(own, predict.keep()).ifPresent(problems::add);
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

  /** What is wrong with the source of the rows to score, whatever columns they are to have. */
  private static List<String> source(PipelineConfig config) {
    PredictSettings.SourceSettings source = config.predict().source();
    if (source == null) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    List<String> dateable = source.path() == null ? List.of() : source.path();
    try {
      IngestSettings read = source.over(config.ingest(), config.ingest().contract());
      if (config.ingest().key() == null && !read.format().hasPositions()) {
        problems.add(
            "ingest.key must be given: the rows of predict.source, %s, have no position that tells them apart"
                .formatted(read.where()));
      }
      dateable = read.dateable();
    } catch (InvalidInput e) {
      e.problems().stream()
          .filter(problem -> !problem.startsWith("schema"))
          .forEach(problem -> problems.add("predict.source." + problem));
    }
    // Without a path and a format it is the source of ingest, whose date is checked there.
    if (config.pipeline().date() == null && (source.path() != null || source.format() != null)) {
      String key = source.path() == null ? "predict.source.format" : "predict.source.path";
      problems.addAll(withoutDate(key, dateable));
    }
    return problems;
  }

  /** A date without a place for it would give every date the same rows; a place needs a date. */
  private static List<String> dated(PipelineConfig config) {
    String date = config.pipeline().date();
    List<String> texts = config.ingest().dateable();
    String key = config.ingest().path() == null ? "ingest.format" : "ingest.path";
    List<String> problems = new ArrayList<>();
    if (date != null && !DatedPaths.isDated(texts)) {
      problems.add(
          "%s must have a place for pipeline.date, as in data/{date}.csv, got %s"
              .formatted(key, texts));
    }
    if (date == null) {
      problems.addAll(withoutDate(key, texts));
    }
    return problems;
  }

  private static List<String> withoutDate(String key, List<String> texts) {
    return DatedPaths.isDated(texts)
        ? List.of(
            "pipeline.date must be given for %s = %s, as by --set pipeline.date=2026-11-01"
                .formatted(key, texts))
        : List.of();
  }
}
