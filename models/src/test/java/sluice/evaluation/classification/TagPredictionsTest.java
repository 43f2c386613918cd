package sluice.evaluation.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.data.Json;
import sluice.data.SpanScheme;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.PoissonWeights;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.Scores;

class TagPredictionsTest {
  private static final Label NOUNS =
      Label.tags("tags", List.of("n", "v"), new Label.Tagging("text", SpanScheme.NONE));

  /** By {@code scripts/reference/tags.py}; seqeval where the scheme is broken, too. */
  @ParameterizedTest
  @EnumSource(value = SpanScheme.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyMetricIsThatOfSeqeval(SpanScheme scheme) throws IOException {
    JsonNode reference = reference().get(scheme.text());
    List<String> tags = texts(reference.get("tags"));
    Label label = Label.tags("tags", tags, new Label.Tagging("text", scheme));
    int[][] truth = indices(reference.get("truth"), tags);
    int[][] guesses = indices(reference.get("predicted"), tags);

    Scores scores = Scores.of(said(tags.size(), truth, guesses), label);
    TagTally one = new TagTally(tags.size(), TagSpans.of(label));
    TagTally other = new TagTally(tags.size(), TagSpans.of(label));
    for (int row = 0; row < truth.length; row++) {
      (row % 3 == 0 ? one : other).add(truth[row], guesses[row]);
    }
    one.merge(other);

    reference
        .get("values")
        .properties()
        .forEach(
            value -> {
              String name = value.getKey();
              double expected = value.getValue().asDouble();
              assertThat(scores.value(name)).as(name).isCloseTo(expected, within(1e-12));
              assertThat(one.value(name)).as(name).isCloseTo(expected, within(1e-12));
            });
    assertThat(scores.rows()).isEqualTo(truth.length);
    assertThat(scores.value("unread")).isZero();
  }

  /** Whatever is predicted for the first token, the other two were not read. */
  @Test
  void tokensThatWereNotReadAreWrong() {
    int[][] truth = {{0, 1, 0}, {1}};
    TagPredictions read = said(2, truth, new int[][] {{0}, {1}});

    Scores scores = Scores.of(read, NOUNS);

    assertThat(scores.value("accuracy")).isEqualTo(2.0 / 4);
    assertThat(scores.value("unread")).isEqualTo(2.0 / 4);
    assertThat(read.worst(NOUNS, 5))
        .containsExactly(new RowError.OfTags(7, List.of("n", "v", "n"), List.of("n"), 2));
    TagTally tally = new TagTally(2, TagSpans.NONE);
    tally.add(truth[0], new int[] {0});
    tally.add(truth[1], new int[] {1});
    assertThat(tally.value("accuracy")).isEqualTo(2.0 / 4);
    assertThat(tally.value("unread")).isEqualTo(2.0 / 4);
  }

  /** A resample draws a text with all of its tokens: by hand, token by token. */
  @Test
  void aResampleDrawsTexts() {
    Random random = new Random(3);
    int[][] truth = new int[40][];
    int[][] guesses = new int[40][];
    for (int row = 0; row < truth.length; row++) {
      truth[row] = random.ints(random.nextInt(9), 0, 2).toArray();
      guesses[row] =
          Arrays.stream(truth[row]).map(tag -> random.nextInt(3) == 0 ? 1 - tag : tag).toArray();
    }
    TagPredictions said = said(2, truth, guesses);
    TagMeasures measures = (TagMeasures) said.measures(NOUNS);
    int accuracy =
        IntStream.range(0, measures.metrics().size())
            .filter(i -> measures.metrics().get(i).name().equals("accuracy"))
            .findFirst()
            .orElseThrow();

    for (int resample = 0; resample < 20; resample++) {
      byte[] weights = PoissonWeights.draw(said, 42, resample);
      double right = 0;
      double all = 0;
      for (int row = 0; row < truth.length; row++) {
        for (int i = 0; i < truth[row].length; i++) {
          right += truth[row][i] == guesses[row][i] ? weights[row] : 0;
          all += weights[row];
        }
      }
      assertThat(measures.values(weights)[accuracy]).isCloseTo(right / all, within(1e-12));
    }
  }

  /** Keys ascend, so that rows stay in their places. */
  private static TagPredictions said(int tags, int[][] truth, int[][] guesses) {
    long[] keys = IntStream.range(0, truth.length).mapToLong(row -> 7 + 3L * row).toArray();
    float[][] probabilities = new float[truth.length][];
    for (int row = 0; row < truth.length; row++) {
      probabilities[row] = new float[guesses[row].length * tags];
      for (int i = 0; i < guesses[row].length; i++) {
        Arrays.fill(probabilities[row], i * tags, (i + 1) * tags, 0.5f / tags);
        probabilities[row][i * tags + guesses[row][i]] += 0.5f;
      }
    }
    return TagPredictions.of(tags, keys, truth, probabilities, List.of());
  }

  private static int[][] indices(JsonNode texts, List<String> tags) {
    int[][] indices = new int[texts.size()][];
    for (int row = 0; row < indices.length; row++) {
      indices[row] = texts(texts.get(row)).stream().mapToInt(tags::indexOf).toArray();
    }
    return indices;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TagPredictionsTest.class.getResourceAsStream("tags.json"))) {
      return Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8), "tags.json");
    }
  }
}
