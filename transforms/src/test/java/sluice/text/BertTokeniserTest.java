package sluice.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;
import sluice.data.Json;

/** What Hugging Face's tokenizers give, see {@code scripts/reference/wordpiece.py}. */
class BertTokeniserTest {
  private static final JsonNode REFERENCE = reference();

  private static JsonNode reference() {
    try (InputStream in = BertTokeniserTest.class.getResourceAsStream("wordpiece.json")) {
      return Json.tree(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8), "it");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BertTokeniser read(JsonNode file) {
    return TokenizerJson.read(file.toString().getBytes(StandardCharsets.UTF_8), "t.json");
  }

  private static JsonNode file(String name) {
    return REFERENCE.get("files").get(name);
  }

  @Test
  void givesTheIndicesOfTheReference() {
    Map<String, BertTokeniser> tokenisers = new HashMap<>();
    int cases = 0;
    for (JsonNode given : REFERENCE.get("cases")) {
      BertTokeniser tokeniser =
          tokenisers.computeIfAbsent(given.get("file").asText(), name -> read(file(name)));
      int[] ids = Json.read(given.get("ids").toString(), int[].class, "ids");
      assertThat(tokeniser.encode(given.get("text").asText(), given.get("maxLength").asInt()))
          .as("%s", given)
          .containsExactly(ids);
      cases++;
    }
    assertThat(cases).isEqualTo(180);
  }

  @Test
  void agreesOnAllCharactersButFewThatUnicodeHasGainedOfLate() {
    BertWords words = new BertWords(true, true, true, true);
    Set<Integer> other = new TreeSet<>();
    int seen = 0;
    for (JsonNode run : REFERENCE.get("runs")) {
      for (int point = run.get(0).asInt(); point <= run.get(1).asInt(); point++) {
        seen++;
        if (isLeftOutSyllable(point)) {
          continue;
        }
        List<String> found = new ArrayList<>();
        words.split("a" + Character.toString(point) + "b", found::add);
        if (!found.equals(expected(point, run.get(2).asText()))) {
          other.add(point);
        }
      }
    }
    assertThat(seen).isEqualTo(0x110000 - 0x800);
    assertThat(other).hasSizeLessThan(450).allMatch(BertTokeniserTest::isOfLate);
  }

  /** The reference has every 97th syllable of Hangul. */
  private static boolean isLeftOutSyllable(int point) {
    return point >= 0xAC00 && point < 0xD7A4 && point % 97 != 0;
  }

  private static List<String> expected(int point, String kind) {
    JsonNode turned = REFERENCE.get("turned").path(Integer.toHexString(point));
    String inner = turned.isMissingNode() ? Character.toString(point) : turned.asText();
    return switch (kind) {
      case "gone" -> List.of("ab");
      case "space" -> List.of("a", "b");
      case "joined" -> List.of("a" + inner + "b");
      default -> List.of("a", inner, "b");
    };
  }

  /** Added after Unicode 8, or of another kind since, but for what Java does not know yet. */
  private static boolean isOfLate(int point) {
    return point >= 0x7FD
        && !(point >= 0x1E00 && point < 0x2C00)
        && !(point >= 0x3000 && point < 0xA640)
        && !(point >= 0xAC00 && point < 0x10000);
  }

  @Test
  void aTextEndsWhereNoMoreIsWanted() {
    BertTokeniser tokeniser = read(file("uncased"));
    List<String> seen = new ArrayList<>();
    tokeniser
        .words()
        .split(
            "one two three",
            word -> {
              seen.add(word);
              return seen.size() < 2;
            });
    assertThat(seen).containsExactly("one", "two");
    String marks = "\u0301".repeat(3_000_000);
    assertThat(tokeniser.encode("one " + marks + " two", 8)).hasSize(4);
    assertThat(tokeniser.encode("\uD800one\uDC00", 8)).isEqualTo(tokeniser.encode("one", 8));
  }

  @Test
  void isTheSameWhenReadAgain() {
    for (String name : List.of("uncased", "cased", "accents", "raw")) {
      BertTokeniser tokeniser = read(file(name));
      assertThat(Json.read(Json.write(tokeniser), BertTokeniser.class, "x")).isEqualTo(tokeniser);
    }
    assertThat(read(file("accents")).size()).isEqualTo(read(file("cased")).size() + 2);
    assertThat(read(file("accents")).tokens()).endsWith("##\u0301", "newtok", "newtoken");
  }

  @Test
  void whatGivesOtherIndicesIsRefusedByName() {
    refused(file -> file.put("version", "2.0"), "version must be 1.0, got 2.0");
    refused(file -> file.remove("version"), "version must be 1.0, got none");
    refused(file -> file.put("extra", 1), "extra must not be there");
    refused(file -> of(file, "model").put("type", "BPE"), "model.type must be WordPiece, got BPE");
    refused(
        file -> of(file, "model").put("type", "Unigram"),
        "model.type must be WordPiece, got Unigram");
    refused(
        file -> of(file, "normalizer").put("type", "NFKC"),
        "normalizer.type must be BertNormalizer, got NFKC");
    refused(
        file -> of(file, "pre_tokenizer").put("type", "ByteLevel"),
        "pre_tokenizer.type must be BertPreTokenizer, got ByteLevel");
    refused(
        file -> of(file, "truncation").put("direction", "Left"),
        "truncation.direction must be Right, got Left");
    refused(
        file -> of(file, "post_processor").put("type", "RobertaProcessing"),
        "post_processor.type must be TemplateProcessing or BertProcessing, got RobertaProcessing");
    refused(
        file -> ((ArrayNode) file.get("post_processor").get("single")).remove(1),
        "post_processor.single must have one Sequence, got 0");
    refused(
        file -> ((ObjectNode) file.get("added_tokens").get(0)).put("lstrip", true),
        "added_tokens: lstrip of [PAD] must be false, got true");
    refused(
        file -> of(file, "model").put("unk_token", "[NONE]"),
        "model.unk_token must be of the vocabulary, got [NONE]");
    refused(
        file -> of(file, "model").put("max_input_chars_per_word", 1_000_000),
        "max-characters must be between 1 and 1000, got 1000000");
    refused(
        file -> ((ObjectNode) file.get("model").get("vocab")).put("hello", 7),
        "model.vocab must give the indices from 0 to 146 once each, and lacks 132");
    refused(
        file -> ((ObjectNode) file.get("added_tokens").get(4)).put("id", 1_000),
        "added token [MASK]: its index must be that of the vocabulary, or follow the last one without a gap, got 1000");
    refused(
        file -> ((ObjectNode) file.get("added_tokens").get(4)).put("content", ""),
        "an added token must not be empty");
    refused(file -> file.remove("model"), "not a tokenizer.json: it must have the object model");
  }

  private static ObjectNode of(ObjectNode file, String key) {
    return (ObjectNode) file.get(key);
  }

  private static void refused(Consumer<ObjectNode> change, String problem) {
    ObjectNode file = file("uncased").deepCopy();
    change.accept(file);
    assertThatThrownBy(() -> read(file))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> {
              assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
              assertThat(e.problems()).containsExactly("t.json: " + problem);
            });
  }

  @Test
  void whatIsNoJsonOrTooMuchIsRefused() {
    assertThatThrownBy(
            () -> TokenizerJson.read("[PAD]\n[UNK]".getBytes(StandardCharsets.UTF_8), "vocab.txt"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("vocab.txt: not a tokenizer.json: not readable: ");
    ObjectNode many = file("uncased").deepCopy();
    ObjectNode vocabulary = of(many, "model").putObject("vocab");
    for (int i = 0; i <= TokenizerJson.MOST_TOKENS; i++) {
      vocabulary.put("t" + i, i);
    }
    assertThatThrownBy(() -> read(many))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("t.json: there must be at most 1000000 tokens, got 1000006");
  }

  @Test
  void aHostileBundleHoldsToTheSameBounds() {
    BertTokeniser good = read(file("uncased"));
    TokenIndices two = new TokenIndices(List.of("a", "b"));
    assertThatThrownBy(() -> new WordPieces(two, 2, "##", 10_000))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "unknown must be between 0 and 1, got 2",
                        "max-characters must be between 1 and 1000, got 10000"));
    assertThatThrownBy(
            () ->
                new BertTokeniser(
                    good.words(), good.pieces(), good.whole(), List.of(147), List.of()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("a special token must be an index below 147, got 147");
    assertThatThrownBy(
            () ->
                new BertTokeniser(
                    good.words(),
                    new WordPieces(two, 0, "", 3),
                    new WholeTokens(Map.of("x", 2, "y", 2)),
                    List.of(),
                    List.of()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("added tokens must have different indices, got [2, 2]");
    assertThatThrownBy(() -> new TokenIndices(List.of("a", "a")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("vocabulary: tokens must be distinct, got a twice");
  }
}
