package sluice.augment;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import sluice.features.Element;
import sluice.features.FeatureSchema;
import sluice.features.TensorSpec;
import sluice.testing.LocalSpark;

/** Small feature tables: three numbers in two groups, two category indices in one between them. */
final class Features {
  static final StructType SCHEMA =
      StructType.fromDDL(
          "key BINARY, part STRING, label INT, a ARRAY<FLOAT>, b ARRAY<INT>, c ARRAY<FLOAT>");
  static final StructType REGRESSION =
      StructType.fromDDL(
          "key BINARY, part STRING, label FLOAT, a ARRAY<FLOAT>, b ARRAY<INT>, c ARRAY<FLOAT>");
  static final List<TensorSpec> GROUPS =
      List.of(
          group("a", Element.FLOAT32, "x", "y"),
          group("b", Element.ONE_HOT, "p", "q"),
          group("c", Element.FLOAT32, "z"));
  static final List<String> CLASSES = List.of("no", "maybe", "yes");

  private Features() {}

  static TensorSpec group(String name, Element encoding, String... names) {
    int indices = encoding == Element.FLOAT32 ? 0 : names.length;
    return TensorSpec.of(
        name,
        encoding,
        List.of(names.length),
        List.of(names),
        Collections.nCopies(indices, 3),
        Collections.nCopies(indices, List.of("u", "v", "w")));
  }

  /** What an example is whose label is one of these classes, or a number if there are none. */
  static FeatureSchema schema(List<TensorSpec> groups, List<String> classes) {
    List<String> name = List.of("label");
    return new FeatureSchema(
        groups,
        List.of(
            classes.isEmpty()
                ? TensorSpec.numbers("label", name)
                : TensorSpec.of(
                    "label",
                    Element.INDEX,
                    List.of(1),
                    name,
                    List.of(classes.size()),
                    List.of(classes))));
  }

  /** Rows of each class by index, with random features, in random order, as Spark has them. */
  static List<Row> rows(long seed, int... classRows) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int label = 0; label < classRows.length; label++) {
      for (int i = 0; i < classRows[label]; i++) {
        rows.add(
            RowFactory.create(
                "%016x#%d".formatted(random.nextLong(), i).getBytes(StandardCharsets.UTF_8),
                "train",
                label,
                List.of((float) random.nextGaussian(), 5 * random.nextFloat()),
                List.of(random.nextInt(3), random.nextInt(2)),
                // Few distinct values, so that there are ties.
                List.of((float) random.nextInt(3))));
      }
    }
    Collections.shuffle(rows, random);
    return new ArrayList<>(table(SCHEMA, rows).collectAsList());
  }

  static Dataset<Row> table(StructType schema, List<Row> rows) {
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  static TrainFeatures train(List<Row> rows) {
    return new TrainFeatures(table(SCHEMA, rows), schema(GROUPS, CLASSES));
  }

  /** What is added, by source key and copy. */
  static List<Row> added(TrainFeatures train, long seed, Augmenter... steps) {
    List<Row> added =
        new ArrayList<>(
            Augment.apply(train, null, new AugmentSettings(List.of(steps)), seed).collectAsList());
    added.sort(
        Comparator.comparing(
                (Row row) -> row.<byte[]>getAs(FeatureLayout.SOURCE_KEY), Arrays::compareUnsigned)
            .thenComparing(row -> row.<Integer>getAs(FeatureLayout.COPY)));
    return added;
  }

  /** The row that an added example was made from. */
  static Row source(List<Row> rows, Row added) {
    return rows.stream()
        .filter(row -> Arrays.equals(row.<byte[]>getAs(0), added.<byte[]>getAs(6)))
        .findFirst()
        .orElseThrow();
  }

  /** The key of an example. */
  static String key(Row row) {
    return HexFormat.of().formatHex(row.getAs(FeatureLayout.KEY));
  }

  /** The key of the row that an added example was made from. */
  static String sourceKey(Row row) {
    return HexFormat.of().formatHex(row.getAs(FeatureLayout.SOURCE_KEY));
  }

  static double[] numbers(Row row) {
    return IntStream.of(3, 5)
        .boxed()
        .flatMap(column -> row.<Float>getList(column).stream())
        .mapToDouble(Float::doubleValue)
        .toArray();
  }

  static List<Integer> indices(Row row) {
    return List.copyOf(row.<Integer>getList(4));
  }
}
