package sluice.bench;

import static org.apache.spark.sql.functions.col;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.RowKey;
import sluice.normalise.BytePairUnits;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.GroupSettings;
import sluice.normalise.LabelSettings;
import sluice.normalise.Normalise;
import sluice.normalise.NormaliseSettings;
import sluice.normalise.Step;
import sluice.normalise.TfIdf;
import sluice.pretrained.Pooling;
import sluice.pretrained.SentenceEncoderStep;
import sluice.text.Chinese;
import sluice.text.Punctuation;
import sluice.text.Terms;

/**
 * Texts to numbers, again and again as it is told to: each line on standard input asks for a turn,
 * and each turn is answered by {@code texts COUNT SECONDS}. Some first ones, in which the compiler
 * is at work, are not answered; {@code ready} follows them. Texts are in memory before the first.
 */
public final class Texts {
  private static final int WARM_UP = 5;
  private static final String TEXT = "value";

  private Texts() {}

  /**
   * @param args {@code tfidf} or {@code encoder} (fit and transform), or {@code bpe} (learning
   *     alone), a file of a text a line, how many n-grams, tokens of a text or merges there are at
   *     most, and of an encoder the folder
   */
  public static void main(String[] args) throws IOException {
    boolean transform = !args[0].equals("bpe");
    int most = Integer.parseInt(args[2]);
    Step step =
        switch (args[0]) {
          case "tfidf" ->
              new TfIdf(
                  Terms.WORDS, true, Punctuation.DROP, Chinese.WORDS, List.of(1, 2), 2, most, false);
          case "encoder" -> new SentenceEncoderStep(args[3], Pooling.FIRST, most);
          default -> new BytePairUnits(false, most, 2);
        };
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> texts =
          spark
              .read()
              .text(args[1])
              .repartition(2 * spark.sparkContext().defaultParallelism())
              .withColumn(DatasetContract.KEY, RowKey.of(List.of(TEXT)))
              .persist();
      long count = texts.count();
      for (int turn = 0; turn < WARM_UP; turn++) {
        turn(texts, step, transform);
      }
      System.out.println("ready");
      BufferedReader asked =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (asked.readLine() != null) {
        long start = System.nanoTime();
        turn(texts, step, transform);
        System.out.println("texts " + count + " " + (System.nanoTime() - start) / 1e9);
      }
    }
  }

  private static void turn(Dataset<Row> texts, Step step, boolean transform) {
    FittedPreprocessing fitted =
        Normalise.fit(
            texts.select(col(TEXT)),
            new DatasetContract(List.of(new Field(TEXT, FieldType.STRING))),
            new NormaliseSettings(
                LabelSettings.none(),
                List.of(new GroupSettings(null, List.of(TEXT), List.of(step)))));
    if (transform) {
      AcceptedRejected applied = Normalise.apply(fitted, texts);
      applied.accepted().write().format("noop").mode("overwrite").save();
    }
  }
}
