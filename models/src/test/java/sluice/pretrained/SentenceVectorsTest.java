package sluice.pretrained;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.Bundles;
import sluice.bundle.ModelBundle;
import sluice.bundle.Scorer;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.features.TensorSpec;
import sluice.network.Target;
import sluice.normalise.Features;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.GroupSettings;
import sluice.normalise.LabelSettings;
import sluice.normalise.Normalise;
import sluice.normalise.NormaliseSettings;
import sluice.normalise.Standardise;
import sluice.normalise.Step;
import sluice.testing.LocalSpark;

/** Texts to vectors, in Spark and in plain Java, by a small encoder. */
class SentenceVectorsTest {
  private static final Configuration HADOOP = new Configuration();
  private static final DatasetContract CONTRACT =
      new DatasetContract(List.of(new Field("t", FieldType.STRING)));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  private Path folder(String model, int tokens) throws IOException {
    return Onnx.withTokens(Onnx.folder(dir, Onnx.bytes(model)), tokens);
  }

  private Path folder(String model) throws IOException {
    return folder(model, SentenceEncoder.load(Onnx.folder(dir, Onnx.bytes(model))).vocabulary());
  }

  private static FittedPreprocessing fitted(Dataset<Row> rows, Step... steps) {
    return Normalise.fit(
        rows.drop("_key"),
        CONTRACT,
        new NormaliseSettings(
            LabelSettings.none(), List.of(new GroupSettings(null, List.of("t"), List.of(steps)))));
  }

  private static Dataset<Row> rows(List<? extends @Nullable String> texts) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(RowFactory.create("%03d".formatted(i), texts.get(i)));
    }
    return LocalSpark.session().createDataFrame(rows, StructType.fromDDL("_key string, t string"));
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(List.of("", "w5", "W5 w6!", "unknown", "w7 ".repeat(99)));
    for (int i = 0; i < 40; i++) {
      texts.add("w%d w%d w%d".formatted(5 + i % 3, 5 + i % 5, 5 + i % 2));
    }
    return texts;
  }

  @Test
  void sparkAndJavaGiveTheSameBitsAndScalingSeesThem() throws IOException {
    Path folder = folder("old.onnx");
    SentenceEncoder encoder = SentenceEncoder.load(folder);
    SentenceEncoderStep step = new SentenceEncoderStep(folder.toString(), Pooling.FIRST, 6);
    Step standardise = new Standardise();
    Dataset<Row> rows = rows(texts());
    for (List<Step> steps : List.of(List.<Step>of(step), List.of(step, standardise))) {
      FittedPreprocessing fitted = fitted(rows, steps.toArray(Step[]::new));
      FittedPreprocessing read = Json.read(Json.write(fitted), FittedPreprocessing.class, "x");
      assertThat(read).isEqualTo(fitted);
      TensorSpec tensor = read.schema().inputs().get(0);
      assertThat(tensor.shape()).containsExactly(encoder.dimension());
      assertThat(tensor.names()).startsWith("t.0", "t.1");
      List<List<Float>> inJava = new ArrayList<>();
      for (String text : texts()) {
        Features features = (Features) read.apply(RawRecord.of(Map.of("t", text)));
        List<Float> values = new ArrayList<>();
        for (float value : requireNonNull(features.floats().get("t"))) {
          values.add(value);
        }
        inJava.add(values);
      }
      List<List<Float>> inSpark = new ArrayList<>();
      for (Row row :
          Normalise.apply(read, rows.repartition(3)).accepted().orderBy("_key").collectAsList()) {
        inSpark.add(row.getList(1));
      }
      assertThat(inSpark).isEqualTo(inJava);
      assertThat(inJava.get(1)).isNotEqualTo(inJava.get(2));
    }
    SentenceVectors vectors = (SentenceVectors) step.read(HADOOP);
    float[] own =
        SentenceEncoder.load(folder, Pooling.FIRST).encode(List.of(new int[] {2, 5, 6, 3}))[0];
    double[] given = (double[]) vectors.values(new Object[] {"w5 w6"})[0];
    for (int i = 0; i < own.length; i++) {
      assertThat((float) given[i]).isEqualTo(own[i]);
    }
    assertThat(vectors.value(null)).isNull();
  }

  @Test
  void anEncoderThatIsGoneOrAnotherIsAnError() throws IOException {
    Path folder = folder("old.onnx");
    SentenceEncoderStep step = new SentenceEncoderStep(folder.toString(), null, null);
    String digest = SentenceEncoder.load(folder).digest();
    assertThat(step.fingerprints(HADOOP))
        .containsEntry(folder + "/model.onnx", digest)
        .containsKey(folder + "/tokenizer.json");
    String saved = Json.write(step.read(HADOOP));
    Path gone = dir.resolve("gone");
    SentenceVectors moved =
        Json.read(
            saved.replace(folder.toString(), gone.toString()), SentenceVectors.class, "moved");
    assertThatThrownBy(() -> moved.value("w5"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "sentence-encoder: the network with the SHA-256 %s must be the model.onnx of %s, or of the folder %s below the one that the environment variable SLUICE_PRETRAINED names, on each machine that scores: there is none in %s"
                .formatted(digest, gone, digest, gone));
    Path other = folder("new.onnx");
    SentenceVectors changed =
        Json.read(
            saved.replace(folder.toString(), other.toString()), SentenceVectors.class, "changed");
    assertThatThrownBy(() -> changed.value("w5"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageEndingWith(
            "that in %s has %s".formatted(other, SentenceEncoder.load(other).digest()));
  }

  /** A scorer that could score no row does not start. */
  @Test
  void aScorerNeedsTheEncoderWhenItIsMade() throws IOException {
    Path folder = folder("old.onnx");
    FittedPreprocessing fitted =
        fitted(rows(texts()), new SentenceEncoderStep(folder.toString(), null, null));
    String saved = Json.write(fitted);
    Path gone = dir.resolve("gone");
    FittedPreprocessing moved =
        Json.read(
            saved.replace(folder.toString(), gone.toString()), FittedPreprocessing.class, "moved");
    List<Target> targets = List.of(Target.binary(1));
    assertThat(new Scorer(Bundles.ofZeros(fitted, 1, targets)).columns()).hasSize(1);
    ModelBundle bundle = Bundles.ofZeros(moved, 1, targets);
    assertThatThrownBy(() -> new Scorer(bundle))
        .isInstanceOf(InvalidInput.class)
        .hasMessageEndingWith("on each machine that scores: there is none in " + gone);
  }

  /** An encoder gives a vector of every text: nobody encodes one to learn whether there is one. */
  @Test
  void whichRowsGiveVectorsIsKnownWithoutTheEncoder() throws IOException {
    Path folder = folder("old.onnx");
    Dataset<Row> rows = rows(texts());
    String saved =
        Json.write(fitted(rows, new SentenceEncoderStep(folder.toString(), Pooling.FIRST, 6)));
    Path gone = dir.resolve("gone");
    FittedPreprocessing moved =
        Json.read(
            saved.replace(folder.toString(), gone.toString()), FittedPreprocessing.class, "moved");
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.none(),
            List.of(
                new GroupSettings(
                    null,
                    List.of("t"),
                    List.of(new SentenceEncoderStep(gone.toString(), Pooling.FIRST, 6)))));
    assertThat(Normalise.fit(rows.drop("_key"), CONTRACT, settings, moved.features()))
        .isEqualTo(moved);
    List<@Nullable String> some = new ArrayList<>(texts());
    some.set(3, null);
    AcceptedRejected applied = Normalise.apply(moved, rows(some));
    assertThat(applied.rejected().select("_key", "_reason").collectAsList())
        .containsExactly(RowFactory.create("003", "t is missing and has no impute step"));
    assertThatThrownBy(() -> applied.accepted().collectAsList())
        .hasStackTraceContaining("sentence-encoder: the network with the SHA-256");
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path folder = folder("old.onnx");
    int tokens = SentenceEncoder.load(folder).vocabulary();
    int longest = SentenceEncoder.load(folder).maxLength();
    refused(
        new SentenceEncoderStep(folder.toString(), null, 2),
        "max-length must be between 3 and %d, got 2".formatted(longest));
    refused(
        new SentenceEncoderStep(folder.toString(), null, longest + 1),
        "max-length must be between 3 and %d, got %d".formatted(longest, longest + 1));
    Path more = folder("old.onnx", tokens + 1);
    refused(
        new SentenceEncoderStep(more.toString(), null, 9),
        "%s/tokenizer.json must have the %d tokens of the network beside it, got %d"
            .formatted(more, tokens, tokens + 1));
    refused(new SentenceEncoderStep(dir.resolve("none").toString(), null, 9), dir.toString());
    Files.delete(folder.resolve("tokenizer.json"));
    refused(new SentenceEncoderStep(folder.toString(), null, 9), folder + "/tokenizer.json: must");
  }

  private static void refused(SentenceEncoderStep step, String problem) {
    assertThatThrownBy(() -> step.read(HADOOP))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
              assertThat(e).hasMessageStartingWith("sentence-encoder: " + problem);
            });
  }
}
