package sluice.normalise;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.SparkSchema;
import sluice.testing.LocalSpark;

/** Tables of a text in the column {@code note}, beside a number {@code n} and a class {@code y}. */
final class Notes {
  private static final StructType SCHEMA =
      StructType.fromDDL("_key string, _source string, note string, n int, y string");

  static final DatasetContract CONTRACT = SparkSchema.contract(SCHEMA);

  private Notes() {}

  /** Eighty texts of several scripts, some of them empty. */
  static List<String> texts() {
    List<String> texts = new ArrayList<>();
    Random random = new Random(4);
    List<String> pieces =
        List.of("one", "Two", "我爱你", "\uD83D\uDC4D", "e\u0301", "!", "\u200F\u05E9", "");
    for (int i = 0; i < 80; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(6); j > 0; j--) {
        text.append(pieces.get(random.nextInt(pieces.size())))
            .append(random.nextBoolean() ? " " : "");
      }
      texts.add(text.toString());
    }
    return texts;
  }

  static Dataset<Row> table(List<@Nullable String> texts, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(
          RowFactory.create(
              "%04d".formatted(i), "file", texts.get(i), i % 5, i % 2 == 0 ? "a" : "b"));
    }
    return LocalSpark.session().createDataFrame(rows, SCHEMA).repartition(partitions);
  }

  static FittedPreprocessing fit(Dataset<Row> rows, NormaliseSettings settings) {
    return Normalise.fit(rows, CONTRACT, settings);
  }
}
