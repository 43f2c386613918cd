package sluice.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sluice.data.Decimal;
import sluice.data.Task;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.metric.Label;
import sluice.explanation.Importances;
import sluice.explanation.TokenEffect;
import sluice.explanation.TokenEffects;
import sluice.report.Figure;
import sluice.report.Importance;
import sluice.report.MetricTitles;
import sluice.report.Numbers;
import sluice.report.Section;
import sluice.report.Tokens;

/** The sections that show what models look at. */
final class ExplanationSections {
  private ExplanationSections() {}

  /** Those of a label: the importance of columns to each model, then what tokens say to each. */
  static List<Section> of(LabelJudgement judgement) {
    List<Section> sections = new ArrayList<>();
    judgement
        .importances()
        .forEach(
            (model, measured) -> {
              if (measured.notMeasured().isEmpty()) {
                sections.add(importance(model, measured));
              }
            });
    Label label = judgement.evaluation().report().label();
    judgement.tokens().forEach((model, effects) -> sections.add(tokens(label, model, effects)));
    return sections;
  }

  /** A model in a sentence. */
  static String spoken(String model) {
    return model.equals(MetricsReport.NETWORK) ? "the network" : model;
  }

  private static Importance importance(String model, Importances measured) {
    return new Importance(
        spoken(model),
        measured.metric(),
        measured.columns().stream()
            .map(
                column ->
                    new Importance.Feature(
                        column.column(), Figure.of(column.loss(), column.low(), column.high())))
            .toList(),
        "%s shuffles of each column over %s of the rows that were judged, on which %s is %s; intervals span %s %% of the shuffles."
            .formatted(
                Numbers.count(measured.repeats()),
                Numbers.count(measured.rows()),
                MetricTitles.of(measured.metric()),
                Numbers.result(Objects.requireNonNull(measured.unpermuted())),
                Decimal.percent(measured.confidence())));
  }

  private static Tokens tokens(Label about, String model, TokenEffects measured) {
    boolean sets = about.task() == Task.MULTILABEL;
    boolean classes = sets || about.task().isOfClasses();
    String label = about.column();
    boolean several =
        measured.sides().stream()
                .flatMap(side -> side.tokens().stream())
                .map(TokenEffect::text)
                .distinct()
                .count()
            > 1;
    return new Tokens(
        spoken(model),
        "How much %s with a token than without it, the mean of the rows that have it."
            .formatted(
                classes
                    ? "more probable a %s is".formatted(sets ? "name" : "class")
                    : "greater the predicted %s is".formatted(label)),
        classes ? "Change of the probability" : "Change of " + label,
        measured.sides().stream()
            .map(
                side ->
                    new Tokens.Side(
                        classes ? side.name() : "%s is %s".formatted(label, side.name()),
                        side.tokens().stream()
                            .map(
                                token ->
                                    new Tokens.Token(
                                        several
                                            ? "%s: %s".formatted(token.text(), token.token())
                                            : token.token(),
                                        token.effect(),
                                        token.rows()))
                            .toList()))
            .toList(),
        "Each token that at least %s of %s test rows have was left out of each of their texts, and the text scored again; shown are the strongest."
            .formatted(Numbers.count(measured.leastRows()), Numbers.count(measured.rows())));
  }
}
