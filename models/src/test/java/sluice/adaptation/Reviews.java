package sluice.adaptation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.network.Target;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.network.spec.SequenceTransformerEncoder.Positions;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.GroupSettings;
import sluice.normalise.LabelSettings;
import sluice.normalise.Normalise;
import sluice.normalise.NormaliseSettings;
import sluice.normalise.Standardise;
import sluice.normalise.Step;
import sluice.normalise.Words;
import sluice.testing.LocalSpark;
import sluice.text.Chinese;
import sluice.text.Punctuation;

/**
 * Generated texts: each is about one of four topics, which have sixty words each that mean nothing
 * else, among words of all texts. One label is the topic, another whether the topic is an even one.
 */
final class Reviews {
  static final int TOPICS = 4;
  private static final int WORDS_OF_A_TOPIC = 60;
  private static final int FILLERS = 30;
  static final DatasetContract CONTRACT =
      new DatasetContract(
          List.of(
              new Field("text", FieldType.STRING),
              new Field("length", FieldType.DOUBLE),
              new Field("topic", FieldType.STRING),
              new Field("even", FieldType.STRING)));

  private Reviews() {}

  static Dataset<Row> rows(int count, long seed, int partitions) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int topic = random.nextInt(TOPICS);
      List<String> words = new ArrayList<>();
      for (int word = 0; word < 8; word++) {
        words.add(
            word % 2 == 0
                ? "t" + topic + "w" + random.nextInt(WORDS_OF_A_TOPIC)
                : "f" + random.nextInt(FILLERS));
      }
      rows.add(
          RowFactory.create(
              "row" + i,
              String.join(" ", words),
              random.nextGaussian(),
              "topic" + topic,
              topic % 2 == 0 ? "yes" : "no"));
    }
    StructType schema =
        new StructType()
            .add(DatasetContract.KEY, DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("length", DataTypes.DoubleType)
            .add("topic", DataTypes.StringType)
            .add("even", DataTypes.StringType);
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  static Step words() {
    return new Words(true, Punctuation.DROP, Chinese.CHARACTERS, 1, 1000);
  }

  /** Of the text, and of the column beside it. */
  static NormaliseSettings settings(String label, Step... steps) {
    return new NormaliseSettings(
        LabelSettings.ofClass(label),
        List.of(
            new GroupSettings(null, List.of("text"), List.of(steps)),
            new GroupSettings(null, List.of("length"), List.of(new Standardise()))));
  }

  static FittedPreprocessing fitted(Dataset<Row> train, String label, List<FittedGroup> known) {
    return Normalise.fit(train, CONTRACT, settings(label, words()), known);
  }

  static Dataset<Row> features(FittedPreprocessing fitted, Dataset<Row> rows) {
    return Normalise.apply(fitted, rows).accepted();
  }

  static SequenceTransformerEncoder encoder(int hidden) {
    return new SequenceTransformerEncoder(
        16,
        2,
        2,
        hidden,
        Positions.LEARNT,
        TransformerBlock.Norm.PRE,
        SeriesPooling.Kind.MEAN,
        8,
        0.1,
        0.1);
  }

  /** The text by a transformer, the column by nothing. */
  static NetworkDefinition definition(FittedPreprocessing fitted, int classes, int hidden) {
    Encoder columns =
        new MlpEncoder(
            List.of(4), HiddenActivation.RELU, 0, InitialWeights.HE, new Embeddings(null), null);
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("text", encoder(hidden), "columns", columns),
            new Concatenation(List.of(8), HiddenActivation.RELU, 0, InitialWeights.HE),
            Map.of(),
            Loss.AUTO,
            0.0),
        fitted.schema().inputs(),
        List.of((classes == 2 ? Target.binary(1) : Target.classes(classes)).named("label")));
  }

  /** A network of these tests, as it was trained. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Trained(
      String sha256, NetworkDefinition definition, float[] parameters, List<FittedGroup> features)
      implements PretrainedNetwork {
    static Trained of(
        NetworkDefinition definition, float[] parameters, FittedPreprocessing fitted) {
      return new Trained("0".repeat(64), requireNonNull(definition), parameters, fitted.features());
    }

    @Override
    public String title() {
      return "the network of topics";
    }
  }
}
