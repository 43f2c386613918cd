package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.run.Stage;

/** A pipeline with a file that a step takes. */
final class TokenizerRunTest {
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                      "strip_accents": null, "lowercase": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                 "max_input_chars_per_word": 100,
                 "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "good": 3, "bad": 4}}}
      """;

  @Test
  void theFileIsLookedAtFirstAndItsContentDecidesTheFeatures(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("tokenizer.json");
    StringBuilder csv = new StringBuilder("text,mood\n");
    for (int i = 0; i < 100; i++) {
      csv.append("number %d is %s,%s\n".formatted(i, i % 2 == 0 ? "good" : "bad", i % 2));
    }
    Files.writeString(dir.resolve("texts.csv"), csv);
    Path conf =
        Files.writeString(
            dir.resolve("texts.conf"),
            """
            pipeline { name = texts, seed = 7, runs-dir = "%1$s/runs" }
            ingest {
              format = csv, path = "%1$s/texts.csv", options { header = true }
              schema = "text STRING, mood STRING"
            }
            normalise {
              label { column = mood, positive = "1" }
              features = [
                { columns = [text], steps = [{ type = tokenizer, path = "%2$s", max-length = 6 }] }
              ]
            }
            """
                .formatted(dir, file));
    StageOutputs outputs = new StageOutputs(dir.resolve("runs/texts"));

    CommandLine missing = CommandLine.of("prepare", conf.toString());
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err().get(0))
        .startsWith("tokenizer: %s: must be a file, cannot be read: ".formatted(file));
    assertThat(dir.resolve("runs/texts/raw")).doesNotExist();

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
  }

  private static List<Integer> first(StageOutputs outputs) {
    return outputs.rows(Stage.FEATURES).select("text").head().getList(0);
  }
}
