package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;

/** What a configuration alone can tell is told before anything is read, with file and line. */
class ConfigurationAloneTest {
  private static final String PIPELINE =
      """
      pipeline { name = run }
      ingest {
        format = csv, path = x.csv, options { header = true }
        schema = "age INT, income DOUBLE, member BOOLEAN, city STRING, price DOUBLE, y INT, z STRING"
      }
      normalise {
        label { column = y }
        features = [{ columns = [age], steps = [impute-median, standardise] }]
      }
      """;

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  private List<String> problems(String... overrides) throws IOException {
    Path file = Files.writeString(directory.resolve("x.conf"), PIPELINE);
    InvalidInput thrown =
        catchThrowableOfType(
            InvalidInput.class, () -> ConfigReader.ofPipelines().read(file, List.of(overrides)));
    if (thrown == null) {
      return List.of();
    }
    assertThat(thrown.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
    List<String> problems = new ArrayList<>();
    thrown.problems().forEach(p -> problems.add(p.replace(directory + "/", "")));
    return problems;
  }

  @Test
  void whatFitsPasses() throws IOException {
    assertThat(problems()).isEmpty();
    assertThat(problems("normalise.label.positive=1")).isEmpty();
    assertThat(problems("normalise.label.column=member", "normalise.label.positive=true"))
        .isEmpty();
    assertThat(problems("normalise.label.column=price", "normalise.label.positive=1.5")).isEmpty();
    assertThat(problems("normalise.label.column=z", "normalise.label.positive=yes")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y|yes|int, got yes",
        "y|1.0|int, got 1.0; its class is called 1",
        "y|3000000000|int, got 3000000000",
        "price|1.0|double, got 1.0; its class is called 1",
        "price|much|double, got much",
        "member|yes|boolean, got yes; its class is called true",
        "member|maybe|boolean, got maybe",
      })
  void aPositiveClassThatNoValueHas(String column, String positive, String said)
      throws IOException {
    assertThat(problems("normalise.label.column=" + column, "normalise.label.positive=" + positive))
        .containsExactly(
            "--set normalise.label.positive=%s: normalise.label.positive must be a value of column %s, which is %s"
                .formatted(positive, column, said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class|evaluate.baselines|[majority, linear-regression]|evaluate.baselines[1]: linear-regression needs a numeric label, got a label of classes",
        "class|evaluate.baselines|mean|evaluate.baselines[0]: mean needs a numeric label, got a label of classes",
        "number|evaluate.baselines|logistic-regression|evaluate.baselines[0]: logistic-regression needs a class label, got a label of numbers",
        "number|evaluate.baselines|majority|evaluate.baselines[0]: majority needs a label of classes or sets, got a label of numbers",
        "number|train.class-weights|balanced|train.class-weights must be none for a label of numbers, got balanced",
        "number|model|{ type = mlp, loss = cross-entropy }|model.loss cross-entropy needs a label of classes, got a number",
        "class|model|{ type = lenet, loss = { type = huber } }|model.loss huber needs a label of numbers, got classes",
        "number|model|{ type = mlp, loss = { type = quantile, tau = 1 } }|model.loss.tau must be above 0 and below 1, got 1.0",
        "number|augment.steps|[oversample]|augment.steps[0]: oversample needs a label of classes, got numbers",
        "number|augment.steps|[jitter, smote]|augment.steps[1]: smote needs a label of classes, got numbers",
        "number|train.early-stopping.metric|f1|train.early-stopping.metric must be one of loss, rmse, mae, r2 for a label of numbers, got f1",
        "class|evaluate.slices|[{ column = age, by = length }]|evaluate.slices[0]: by = length needs a column of texts, age is int",
        "class|evaluate.slices|[{ column = age, by = language }]|evaluate.slices[0]: by = language needs a column of texts, age is int",
        "class|augment.steps|[{ type = eda, columns = [age] }]|augment.steps[0]: column age must be string for eda, is int",
        "class|evaluate.slices|[{ column = city, by = length }, { column = nowhere, by = length }]|evaluate.slices[1]: no column nowhere, there are [age, income, member, city, price, y, z]",
        "class|evaluate.slices|[city, { column = city }]|evaluate.slices must name each once, got city twice",
        "class|explain.leave-one-out.rows|-1|explain.leave-one-out.rows must be at least 0, got -1",
        "class|evaluate.slices|[nowhere]|evaluate.slices[0]: no column nowhere, there are [age, income, member, city, price, y, z]",
      })
  void whatDoesNotFitTheLabel(String type, String key, String value, String problem)
      throws IOException {
    assertThat(
            problems(
                "normalise.label.column=price", "normalise.label.type=" + type, key + "=" + value))
        .containsExactly("--set %s=%s: %s".formatted(key, value, problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.class-weights|balanced|train.class-weights must be none for a label of sets, got balanced",
        "augment.steps|[oversample]|augment.steps[0]: oversample needs a label of classes, got sets",
        "evaluate.baselines|[logistic-regression]|evaluate.baselines[0]: logistic-regression needs a class label, got a label of sets",
        "train.early-stopping.metric|accuracy|train.early-stopping.metric must be one of loss, micro-f1, samples-f1, subset-accuracy, hamming-loss, macro-f1, micro-precision, micro-recall for a label of sets, got accuracy",
      })
  void whatDoesNotFitSets(String key, String value, String problem) throws IOException {
    assertThat(problems("normalise.label.column=z", "normalise.label.type=set", key + "=" + value))
        .containsExactly("--set %s=%s: %s".formatted(key, value, problem));
    assertThat(
            problems(
                "normalise.label.column=z",
                "normalise.label.type=set",
                "normalise.label.separator=;",
                "train.early-stopping.metric=hamming-loss",
                "evaluate.gate.at-least={ microF1 = 0.5, rocAuc = 0.5 }",
                "evaluate.baselines=[majority]"))
        .isEmpty();
  }

  private static final String TEXT =
      "normalise.features=[{ name = text, columns = [city], steps = [words] }, { columns = [age], steps = [standardise] }]";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model=auto",
        "model={ type = network, inputs { text = textcnn } }",
        "model={ type = network, inputs { text = recurrent, columns = mlp } }"
      })
  void seriesHaveEncodersThatReadThem(String model) throws IOException {
    assertThat(problems(TEXT, model, "augment.steps=[oversample]")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model=mlp",
        "model=lenet",
        "model={ type = network, inputs { columns = textcnn } }",
        "model={ type = network, inputs { text = transformer } }"
      })
  void otherNetworksReadNoSeries(String model) throws IOException {
    assertThat(problems(TEXT, model))
        .containsExactly(
            "--set %s: model must read feature group text, which is a series, by an encoder of its own, as in model { type = network, inputs { text = textcnn } }, or be auto"
                .formatted(model));
  }

  private static final String NGRAMS = TEXT.replace("words", "tf-idf");

  @ParameterizedTest
  @ValueSource(strings = {"model=auto", "model={ type = network, inputs { text = bag } }"})
  void weightedIndicesAreReadByABag(String model) throws IOException {
    assertThat(problems(NGRAMS, model, "evaluate.baselines=[logistic-regression]")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model=mlp",
        "model={ type = network, inputs { columns = bag } }",
        "model={ type = network, inputs { text = textcnn } }"
      })
  void otherNetworksReadNoWeightedIndices(String model) throws IOException {
    assertThat(problems(NGRAMS, model))
        .containsExactly(
            "--set %s: model must read feature group text, which is a series of weighted indices, by an encoder of its own, as in model { type = network, inputs { text = bag } }, or be auto"
                .formatted(model));
  }

  @Test
  void whatReadsNoSeriesIsNamedAtOnce() throws IOException {
    String augmenters = "augment.steps=[oversample, jitter, smote]";
    String baselines = "evaluate.baselines=[logistic-regression, gradient-boosted-trees]";
    String explained = "explain.baselines=[gradient-boosted-trees]";
    assertThat(problems(TEXT, augmenters, baselines, explained))
        .containsExactly(
            "--set %s: augment.steps[1]: jitter cannot make examples with a series, which feature group text is; oversample repeats them as they are"
                .formatted(augmenters),
            "--set %s: augment.steps[2]: smote cannot make examples with a series, which feature group text is; oversample repeats them as they are"
                .formatted(augmenters),
            "--set %s: evaluate.baselines[1]: gradient-boosted-trees reads no series, which text is"
                .formatted(baselines),
            "--set %s: explain.baselines[0]: gradient-boosted-trees reads no series, which text is"
                .formatted(explained));
  }

  @Test
  void twoPenaltiesOfTheWeights() throws IOException {
    assertThat(problems("model={ type = mlp, l2 = 0.1 }", "train.updater=adamw"))
        .containsExactly(
            "--set model={ type = mlp, l2 = 0.1 }: model.l2 must be 0 with train.updater adamw,"
                + " whose weight decay takes its place");
    assertThat(problems("train.updater={ type = adamw, weight-decay = 0.1 }")).isEmpty();
  }

  @Test
  void aGateOfAnotherTask() throws IOException {
    String[] bounds = {
      "evaluate.gate.at-least.rocAuc=0.7",
      "evaluate.gate.at-most.brier=0.2",
      "evaluate.gate.at-most.logLoss=0.5",
      "evaluate.gate.no-worse.f1=0.1"
    };
    assertThat(
            problems(
                Stream.concat(
                        Stream.of("normalise.label.column=price", "normalise.label.type=number"),
                        Stream.of(bounds))
                    .toArray(String[]::new)))
        .containsExactly(
            Stream.of(bounds)
                .map(
                    bound ->
                        "--set %s: %s is no metric of a label of numbers, which has rmse, mae, r2, medianAbsoluteError, mape"
                            .formatted(bound, bound.substring(0, bound.indexOf('='))))
                .toArray(String[]::new));
  }

  @Test
  void whatIsWatchedNeedsAValidationPart() throws IOException {
    assertThat(
            problems(
                "train.early-stopping.metric=accuracy", "split.validation=0", "split.test=0.3"))
        .containsExactly(
            "--set train.early-stopping.metric=accuracy: train.early-stopping.metric is measured on"
                + " the validation part, got accuracy with split.validation = 0");
  }

  /** Where parts have files, the share alone does not tell whether there is a validation part. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ingest.path.validation=v.csv|split.validation=0|split.test=0.3|true",
        "split.validation=0|split.test=0.3||false",
        "split.validation=0.3|split.test=0||true",
      })
  void filesOfPartsCountAsAValidationPart(
      String first, String second, @Nullable String third, boolean there) throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "ingest.path=null",
                "ingest.path.train=a.csv",
                "ingest.path.test=b.csv",
                "split.by=auto",
                "normalise.label.column=member",
                "normalise.label.positive=true",
                "train.early-stopping.metric=f1",
                "decide.threshold=best-f1"));
    Stream.of(first, second, third).filter(Objects::nonNull).forEach(settings::add);
    List<String> problems = problems(settings.toArray(String[]::new));
    if (there) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .containsExactlyInAnyOrder(
              "--set train.early-stopping.metric=f1: train.early-stopping.metric is measured on the"
                  + " validation part, got f1 with split.validation = 0",
              "--set decide.threshold=best-f1: decide.threshold must be a number without a"
                  + " validation part, got best-f1 with split.validation = 0");
    }
  }

  @Test
  void filesToScoreThatNobodyReads() throws IOException {
    assertThat(
            problems(
                "predict.source.path=x",
                "predict.source.format=avro",
                "predict.source.options.mode=FAILFAST"))
        .containsExactly(
            "--set predict.source.format=avro: predict.source.format must be one of csv, folders,"
                + " idx, json, lines, mail, parallel, parquet, got \"avro\"");
    assertThat(problems("predict.source.path=x", "predict.source.options.mode=FAILFAST"))
        .containsExactly(
            "--set predict.source.options.mode=FAILFAST: predict.source.options.mode is not free:"
                + " Sluice sets it");
    assertThat(problems("ingest.path=null", "ingest.schema=null"))
        .containsExactlyInAnyOrder(
            "--set ingest.path=null: ingest.path must be given",
            "--set ingest.schema=null: ingest.schema must be given");
    assertThat(problems("predict.source.format=csv"))
        .containsExactly("--set predict.source.format=csv: predict.source.path must be given");
  }

  @Test
  void optionsThatNoReaderHas() throws IOException {
    assertThat(problems("ingest.options.seperator=;", "ingest.options.sep=\"\""))
        .containsExactlyInAnyOrder(
            "--set ingest.options.seperator=;: ingest.options.seperator is not an option of csv; did"
                + " you mean sep?",
            "--set ingest.options.sep=\"\": ingest.options.sep must be a character or several, none of"
                + " them of a line break, the quote, escape or comment, got \"\"");
    assertThat(problems("predict.source.path=x", "predict.source.options.nullvalues=NA"))
        .containsExactly(
            "--set predict.source.options.nullvalues=NA: predict.source.options.nullvalues is not an"
                + " option of csv; did you mean nullValue?");
  }

  @Test
  void aDateThatNobodyGives() throws IOException {
    assertThat(problems("predict.source.path=new/{date}.csv"))
        .containsExactly(
            "x.conf: 1: pipeline.date must be given for predict.source.path = [new/{date}.csv], as"
                + " by --set pipeline.date=2026-11-01");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "input_file_name()|expression must call only Spark's own functions that compute a value, got input_file_name",
        "spark_partition_id()|expression must call only Spark's own functions that compute a value, got spark_partition_id",
        "monotonically_increasing_id()|expression must call only Spark's own functions that compute a value, got monotonically_increasing_id",
        "uuid()|expression must call only Spark's own functions that compute a value, got uuid",
        "rand()|expression must give the same value each time, got rand()",
        "current_timestamp()|expression must give the same value each time, got current_timestamp()",
        "current_date|expression must give the same value each time, got current_date",
        "max(age)|expression must look at one row, got max(age)",
      })
  void anExpressionThatIsNotOfItsRowAlone(String expression, String problem) throws IOException {
    String rules = "[trim, { type = derive, column = x, expression = \"%s\", to = DOUBLE }]";
    String override = "clean.rules=" + rules.formatted(expression);
    assertThat(problems(override))
        .containsExactly("--set %s: clean.rules[1] derive: %s".formatted(override, problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "age +|expression: ",
        "aeg + 1|expression: [UNRESOLVED_COLUMN",
        "explode(array(age))|expression: ",
        "nosuch(age)|expression must call only Spark's own functions",
      })
  void anExpressionThatSparkDoesNotUnderstand(String expression, String problem)
      throws IOException {
    String rules = "[{ type = derive, column = x, expression = \"%s\", to = DOUBLE }]";
    String override = "clean.rules=" + rules.formatted(expression);
    assertThat(problems(override))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("--set %s: clean.rules[0] derive: %s".formatted(override, problem));
  }
}
