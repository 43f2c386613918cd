package sluice.normalise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.RawRecord;
import sluice.data.Sha256;
import sluice.features.Element;
import sluice.testing.LocalSpark;

/** The step that takes a tokenizer.json. */
class TokenizerFileTest {
  private static final Configuration HADOOP = new Configuration();

  static final String JSON =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                      "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100,
                 "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "a": 3, "##b": 4, "我": 5}}}
      """;

  private static String file(Path directory, String content) throws IOException {
    return Files.writeString(directory.resolve("tokenizer.json"), content).toString();
  }

  @Test
  void aBundleHoldsWhatTheFileSays(@TempDir Path directory) throws IOException {
    String file = file(directory, JSON);
    DatasetContract contract = new DatasetContract(List.of(new Field("t", FieldType.STRING)));
    NormaliseSettings settings =
        new NormaliseSettings(
            LabelSettings.none(),
            List.of(new GroupSettings(null, List.of("t"), List.of(new TokenizerFile(file, 5)))));
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(RowFactory.create("1", "Ab 我 x ab"), RowFactory.create("2", "")),
                StructType.fromDDL("_key string, t string"));
    FittedPreprocessing fitted = Normalise.fit(rows.drop("_key"), contract, settings);
    Files.delete(Path.of(file));

    FittedPreprocessing read = Json.read(Json.write(fitted), FittedPreprocessing.class, "x");
    assertThat(read).isEqualTo(fitted);
    assertThat(read.schema().inputs().get(0).cardinalities()).containsExactly(6);
    assertThat(read.schema().inputs().get(0).element()).isEqualTo(Element.INDEX);
    Features features = (Features) read.apply(RawRecord.of(Map.of("t", "Ab 我 x ab")));
    assertThat(features.indices().get("t")).containsExactly(1, 3, 4, 5, 2);
    List<Row> table = Normalise.apply(read, rows).accepted().orderBy("_key").collectAsList();
    assertThat(table.get(0).getList(1)).isEqualTo(List.of(1, 3, 4, 5, 2));
    assertThat(table.get(1).getList(1)).isEqualTo(List.of(1, 2));
  }

  @Test
  void theContentTellsWhetherItIsTheSame(@TempDir Path directory) throws IOException {
    TokenizerFile step = new TokenizerFile(file(directory, JSON), 5);
    assertThat(step.fingerprints(HADOOP)).containsEntry(step.path(), Sha256.hexOf(JSON));
  }

  @Test
  void whatCannotBeReadIsRefused(@TempDir Path directory) throws IOException {
    String none = directory.resolve("none.json").toString();
    refused(new TokenizerFile(none, 5), "tokenizer: " + none + ": must be a file, cannot be read");
    refused(new TokenizerFile(directory.toString(), 5), "tokenizer: " + directory + ": must be");
    String file = file(directory, JSON);
    refused(new TokenizerFile(file, 2), "tokenizer: max-length must be at least 3, got 2");
    file(directory, JSON.replace("WordPiece", "BPE"));
    refused(
        new TokenizerFile(file, 5),
        "tokenizer: " + file + ": model.type must be WordPiece, got BPE");
    assertThatThrownBy(() -> new TokenizerFile(" ", 0))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "path must not be blank", "max-length must be at least 1, got 0"));
  }

  private static void refused(TokenizerFile step, String message) {
    assertThatThrownBy(() -> step.read(HADOOP))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
              assertThat(e).hasMessageStartingWith(message);
            });
  }
}
