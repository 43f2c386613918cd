package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;
import sluice.testing.LocalSpark;

/** What a configuration of texts may leave out, and what then stands in its place. */
final class TextDefaultsTest {
  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path directory;

  private ResolvedConfig<PipelineConfig> read(String ingest, String... more) throws IOException {
    Path file = directory.resolve("x.conf");
    Files.writeString(
        file,
        "pipeline.name = x\ningest { %s }\n%s\n"
            .formatted(ingest, String.join("\n", more))
            .replace("{dir}", directory.toString()));
    return ConfigReader.ofPipelines().read(file, List.of());
  }

  private List<String> shown(String ingest, String... more) throws IOException {
    return read(ingest, more)
        .redacted(section -> section.equals("clean") || section.equals("normalise"));
  }

  private static List<String> group(int index, String column) {
    String group = "normalise.features[%d].".formatted(index);
    return List.of(
        group + "columns = [\"%s\"]".formatted(column),
        group + "steps[0].type = \"impute-constant\"",
        group + "steps[0].value = \"\"",
        group + "steps[1].type = \"tf-idf\"",
        group + "steps[1].of = \"auto\"");
  }

  @Test
  void foldersNeedNothingElse() throws IOException {
    List<String> shown = shown("format = folders, path = x");
    assertThat(shown)
        .contains(
            "clean.rules[0].type = \"normalise-text\"",
            "clean.rules[0].columns = [\"text\"]",
            "clean.rules[1].type = \"reject-missing\"",
            "clean.rules[2].type = \"drop-duplicates\"",
            "normalise.label[0].column = \"label\"",
            "normalise.label[0].type = \"class\"")
        .containsAll(group(0, "text"))
        .doesNotContain("clean.rules[3].type = \"drop-duplicates\"")
        .noneMatch(line -> line.startsWith("normalise.features[1]"));
  }

  /** Their tokens, whatever they are: a bundle to fine-tune has steps of its own. */
  @Test
  void whatIsFineTunedSaysHowTextsAreRead() throws IOException {
    Path bert = Files.createDirectory(directory.resolve("bert"));
    String from = "train.adapt.from = \"%s\"".formatted(bert);
    assertThat(shown("format = folders, path = x", from)).containsAll(group(0, "text"));
    Files.createFile(bert.resolve("model.onnx"));
    assertThat(shown("format = folders, path = x", from))
        .contains(
            "normalise.features[0].steps[0].type = \"impute-constant\"",
            "normalise.features[0].steps[1].type = \"tokenizer\"",
            "normalise.features[0].steps[1].path = \"%s/tokenizer.json\"".formatted(bert),
            "normalise.features[0].steps[1].max-length = 128");
  }

  @Test
  void mailsHaveASubjectAndMayBeHtml() throws IOException {
    assertThat(shown("format = mail, path = x"))
        .contains(
            "clean.rules[0].type = \"strip-html\"",
            "clean.rules[0].columns = [\"text\"]",
            "clean.rules[0].where = \"html\"",
            "clean.rules[1].columns = [\"text\", \"subject\"]",
            "clean.rules[2].columns = [\"text\"]",
            "clean.rules[3].columns = [\"text\"]")
        .containsAll(group(0, "text"))
        .containsAll(group(1, "subject"));
  }

  @Test
  void linesHaveALabelIfTheirFilesGiveOne() throws IOException {
    assertThat(shown("format = { type = lines, label = file }, path = x"))
        .contains("normalise.label[0].column = \"label\"");
    assertThatThrownBy(() -> read("format = lines, path = x"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageEndingWith("normalise.label must be given");
  }

  @Test
  void whatIsSaidStays() throws IOException {
    String features = "normalise.features = [{ columns = text, steps = [words] }]";
    assertThat(shown("format = folders, path = x", features, "normalise.label.type = none"))
        .contains("clean.rules[0].type = \"normalise-text\"", "normalise.label[0].type = \"none\"")
        .noneMatch(line -> line.contains("tf-idf"));
    assertThat(shown("format = folders, path = x", "clean.rules = []"))
        .contains("clean.rules = []", "normalise.label[0].column = \"label\"")
        .containsAll(group(0, "text"));
  }

  /** Rules change and reject only what is learned from. */
  @Test
  void rulesAreForTextsThatFeaturesName() throws IOException {
    String features = "normalise.features = [{ columns = [%s], steps = [words] }]";
    assertThat(shown("format = mail, path = x", features.formatted("subject")))
        .contains(
            "clean.rules[0].type = \"normalise-text\"", "clean.rules[0].columns = [\"subject\"]")
        .noneMatch(line -> line.startsWith("clean.rules[1]"));
    assertThat(shown("format = mail, path = x", features.formatted("text")))
        .contains(
            "clean.rules[0].type = \"strip-html\"",
            "clean.rules[1].columns = [\"text\"]",
            "clean.rules[2].type = \"reject-missing\"",
            "clean.rules[3].type = \"drop-duplicates\"");
    assertThat(shown("format = mail, path = x", features.formatted("sender")))
        .contains("clean.rules = []");
  }

  @Test
  void aColumnOfTextsIsNamedAndCsvSaysItsColumns() throws IOException {
    byte[] rows = "\u00FE,Review,stars\n1,fine,5\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(directory.resolve("b.csv"), rows);
    Files.writeString(directory.resolve("c.csv"), "other\n");
    String ingest =
        "format = csv, path = [\"{dir}/b.csv\", \"{dir}/c.csv\"], text = Review,"
            + " options { header = true, encoding = ISO-8859-1 }";
    ResolvedConfig<PipelineConfig> read = read(ingest, "normalise.label.column = stars");
    assertThat(read.value().ingest().contract().ddl())
        .isEqualTo("`\u00FE` string, `Review` string, `stars` string");
    assertThat(read.redacted(section -> section.equals("normalise")))
        .containsAll(group(0, "Review"));
    assertThat(read.source()).doesNotContain("schema");
    assertThatThrownBy(() -> read(ingest))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(directory.resolve("x.conf") + ": normalise.label must be given");
    assertThatThrownBy(() -> read(ingest + ", schema = \"a INT, Review INT\""))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("ingest.text must be a column of texts, Review is int");
    assertThatThrownBy(() -> read(ingest.replace("= Review", "= review")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("ingest.text: no column review; did you mean Review?");
    assertThatThrownBy(() -> read(ingest.replace("header = true", "header = false")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("ingest.schema must be given");
    assertThatThrownBy(() -> read(ingest.replace("b.csv", "none.csv")))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(
            "ingest.schema must be given, or readable in the files: %s/none.csv: there is no such file"
                .formatted(directory));
    assertThatThrownBy(() -> read("format = folders, path = x, text = text"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(
            "ingest.text must not be given with format = folders, which says by itself what its texts are, got text");
  }

  @Test
  void parquetSaysItsColumns() throws IOException {
    LocalSpark.session()
        .sql("select 'fine' as review, 5L as stars, array(1) as list, 1.5D as _own")
        .write()
        .parquet(directory.resolve("p").toString());
    PipelineConfig config =
        read(
                "format = parquet, path = \"{dir}/p\", text = review",
                "normalise.label { column = stars, type = number }")
            .value();
    assertThat(config.ingest().contract().ddl()).isEqualTo("`review` string, `stars` bigint");
  }
}
