package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.run.Stage;
import sluice.testing.WordPieceJson;

/** Texts as pieces of words, by a file that a step takes, as characters and as byte pairs. */
final class TokenizerRunTest {
  private static final int ROWS = 100;

  private static final String TOKENIZER =
      WordPieceJson.of(List.of("[UNK]", "[CLS]", "[SEP]", "good", "bad"));

  @Test
  void theFileDecidesTheFeaturesAndPlainJavaScoresAsTheJobDoes(@TempDir Path dir)
      throws IOException {
    Path file = dir.resolve("tokenizer.json");
    StringBuilder csv = new StringBuilder("id,review,mood\n");
    for (int i = 0; i < ROWS; i++) {
      String mood = i % 2 == 0 ? "good" : "bad";
      csv.append("%d,number %d is %s,%s\n".formatted(i, i, mood, mood));
    }
    Files.writeString(dir.resolve("reviews.csv"), csv);
    Path conf =
        Files.writeString(
            dir.resolve("reviews.conf"),
            """
            pipeline { name = reviews, seed = 7, runs-dir = "%1$s/runs" }
            ingest {
              format = csv, path = "%1$s/reviews.csv", key = id, options { header = true }
              schema = "id INT, review STRING, mood STRING"
            }
            normalise {
              label { column = mood, positive = good }
              features = [
                { name = pieces, columns = [review], steps = [{ type = tokenizer, path = "%2$s", max-length = 6 }] }
                { name = characters, columns = [review], steps = [characters] }
                { name = pairs, columns = [review], steps = [{ type = byte-pairs, merges = 50 }] }
              ]
            }
            model {
              type = network
              inputs {
                pieces = { type = sequence-transformer, dimension = 8, heads = 2, layers = 1, hidden = 8, max-length = 16 }
                characters = { type = recurrent, cell = gru, dimension = 8, hidden = 8, max-length = 16 }
                pairs = { type = recurrent, cell = lstm, dimension = 8, hidden = 8, max-length = 16 }
              }
            }
            train { epochs = 2, logical-workers = 2 }
            """
                .formatted(dir, file));
    ReviewRun run = new ReviewRun(dir);
    StageOutputs outputs = run.outputs();

    CommandLine missing = CommandLine.of("prepare", conf.toString());
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err().get(0))
        .startsWith("tokenizer: %s: must be a file, cannot be read: ".formatted(file));
    assertThat(dir.resolve("runs/reviews/raw")).doesNotExist();

    Files.writeString(file, TOKENIZER);
    CommandLine.out("prepare", conf.toString());
    String raw = outputs.published(Stage.RAW).attempt();
    String features = outputs.published(Stage.FEATURES).attempt();
    List<Integer> indices = first(outputs);
    assertThat(indices).containsSubsequence(1, 0, 0, 0).endsWith(2).hasSize(6);

    Files.writeString(file, TOKENIZER.replace("bad", "number"));
    CommandLine.out("prepare", conf.toString());
    assertThat(outputs.published(Stage.FEATURES).attempt()).isNotEqualTo(features);
    assertThat(outputs.published(Stage.RAW).attempt()).isEqualTo(raw);
    assertThat(first(outputs)).startsWith(1, 4, 0, 0);

    CommandLine.out("train", conf.toString());
    run.assertScorerEqualsPredict(
        10,
        ROWS,
        List.of(
            "!", "unheard of", "x\u0330\u0301 \u200F\u05E9", "good ".repeat(300), "\uD842\uDFB7好"));
  }

  private static List<Integer> first(StageOutputs outputs) {
    return outputs.rows(Stage.FEATURES).select("pieces").head().getList(0);
  }
}
