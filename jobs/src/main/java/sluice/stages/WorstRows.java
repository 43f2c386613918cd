package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import sluice.bundle.ModelBundle;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Decimal;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.jobs.JobContext;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.TextFeature;
import sluice.report.Numbers;
import sluice.report.Section;
import sluice.report.WorstErrors;
import sluice.report.WorstTags;
import sluice.run.Stage;

/**
 * The texts of the rows that the network predicts worst.
 *
 * @param columns the columns of texts
 * @param excerpts by the hash of a row's key the beginnings of its texts
 */
record WorstRows(List<String> columns, Map<Long, List<String>> excerpts) {

  /** Those of all labels, in one scan of the cleaned rows; none without texts. */
  static WorstRows of(JobContext context, ModelBundle bundle, List<LabelJudgement> labels) {
    List<String> columns =
        bundle.preprocessing().texts().stream().map(TextFeature::column).distinct().toList();
    HashSet<Long> wanted =
        labels.stream()
            .flatMap(label -> label.evaluation().worst().stream())
            .map(RowError::keyHash)
            .collect(Collectors.toCollection(HashSet::new));
    if (columns.isEmpty() || wanted.isEmpty()) {
      return new WorstRows(List.of(), Map.of());
    }
    UDF1<byte[], Long> hash = Predictions::keyHash;
    List<Column> selected = new ArrayList<>();
    selected.add(
        udf(hash, DataTypes.LongType).apply(col(DatasetContract.KEY).cast(DataTypes.BinaryType)));
    columns.forEach(
        column ->
            selected.add(substring(Columns.named(column), 1, WorstErrors.LONGEST_EXCERPT + 1)));
    Map<Long, List<String>> excerpts = new HashMap<>();
    for (Row row :
        context
            .read(Stage.SPLIT)
            .select(selected.toArray(Column[]::new))
            .toDF(names(columns.size()))
            .filter(col("_0").isin(wanted.toArray()))
            .collectAsList()) {
      List<String> texts = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        texts.add(row.isNullAt(i) ? "" : row.getString(i));
      }
      excerpts.put(row.getLong(0), texts);
    }
    return new WorstRows(columns, excerpts);
  }

  private static String[] names(int texts) {
    String[] names = new String[texts + 1];
    for (int i = 0; i < names.length; i++) {
      names[i] = "_" + i;
    }
    return names;
  }

  /** The section about a label. */
  Section section(LabelJudgement judgement) {
    Label label = judgement.evaluation().report().label();
    if (label.tagging() != null) {
      return tags(judgement, label.tagging().of());
    }
    List<WorstErrors.Line> lines = new ArrayList<>();
    for (RowError error : judgement.evaluation().worst()) {
      lines.add(line(error, excerpts.getOrDefault(error.keyHash(), List.of())));
    }
    return new WorstErrors(
        "The %s judged rows %s, the worst first."
            .formatted(
                Numbers.count(lines.size()),
                switch (label.task()) {
                  case BINARY, MULTICLASS -> "whose true class is the least probable";
                  case MULTILABEL -> "with most wrong names";
                  case REGRESSION, TAGS -> "with the greatest error";
                }),
        switch (label.task()) {
          case BINARY, MULTICLASS -> "Probability of the truth";
          case MULTILABEL -> "Wrong names";
          case REGRESSION, TAGS -> "Error";
        },
        columns,
        lines);
  }

  private Section tags(LabelJudgement judgement, String group) {
    FittedPreprocessing fitted = judgement.target().bundle().preprocessing();
    TextFeature text =
        fitted.texts().stream()
            .filter(each -> each.tensor().name().equals(group))
            .findFirst()
            .orElseThrow();
    int column = columns.indexOf(text.column());
    List<WorstTags.Line> lines = new ArrayList<>();
    for (RowError error : judgement.evaluation().worst()) {
      List<String> texts = excerpts.getOrDefault(error.keyHash(), List.of());
      if (error instanceof RowError.OfTags tags && !texts.isEmpty()) {
        List<String> tokens = fitted.tokens(group, texts.get(column));
        boolean cut = tokens.size() < tags.truth().size();
        // The last token of an excerpt may have been cut through.
        int shown = cut ? Math.max(0, tokens.size() - 1) : tags.truth().size();
        lines.add(
            new WorstTags.Line(
                tags.wrong(),
                tags.truth().size(),
                IntStream.range(0, shown)
                    .mapToObj(
                        i ->
                            new WorstTags.Token(
                                tokens.get(i),
                                tags.truth().get(i),
                                i < tags.predicted().size() ? tags.predicted().get(i) : null))
                    .toList()));
      }
    }
    return new WorstTags(text.column(), lines);
  }

  private static WorstErrors.Line line(RowError error, List<String> texts) {
    if (error instanceof RowError.OfClasses classes) {
      return new WorstErrors.Line(
          classes.truth(), classes.decision(), classes.probability(), texts);
    }
    if (error instanceof RowError.OfSets sets) {
      return new WorstErrors.Line(
          String.join(", ", sets.truth()),
          String.join(", ", sets.predicted()),
          sets.wrong(),
          texts);
    }
    RowError.OfNumbers numbers = (RowError.OfNumbers) error;
    return new WorstErrors.Line(
        Decimal.rounded(numbers.truth()),
        Decimal.rounded(numbers.prediction()),
        numbers.prediction() - numbers.truth(),
        texts);
  }
}
