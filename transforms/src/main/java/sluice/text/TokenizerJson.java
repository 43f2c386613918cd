package sluice.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.Excerpt;
import sluice.data.InvalidInput;
import sluice.data.Json;

/**
 * Reads a {@code tokenizer.json} of Hugging Face's tokenizers, version 1.0 of the format, as
 * networks of the family of BERT have it: WordPiece behind BERT's rule for words. Whatever would
 * give other indices is refused by its name. What the file says of padding is not looked at, as
 * batches are padded later, nor to how many tokens it cuts.
 */
public final class TokenizerJson {
  /** The most bytes of a file. */
  public static final long MOST_BYTES = 32L << 20;

  /** The most tokens that a file may have. */
  static final int MOST_TOKENS = 1_000_000;

  private static final String VERSION = "1.0";
  private static final Set<String> KEYS =
      Set.of(
          "version",
          "truncation",
          "padding",
          "added_tokens",
          "normalizer",
          "pre_tokenizer",
          "post_processor",
          "decoder",
          "model");

  private final JsonNode file;
  private final List<String> problems = new ArrayList<>();

  private TokenizerJson(JsonNode file) {
    this.file = file;
  }

  /**
   * What a file says.
   *
   * @param content JSON in UTF-8
   * @param where the file, for messages
   * @throws InvalidInput (configuration) with everything that is not read
   */
  public static BertTokeniser read(byte[] content, String where) {
    try {
      return new TokenizerJson(
              Json.tree(new String(content, StandardCharsets.UTF_8), "not a tokenizer.json"))
          .read();
    } catch (InvalidInput e) {
      throw InvalidInput.configuration(
          e.problems().stream().map(problem -> where + ": " + problem).toList());
    }
  }

  private BertTokeniser read() {
    if (!file.isObject() || !file.path("model").isObject()) {
      throw InvalidInput.data("not a tokenizer.json: it must have the object model");
    }
    is("version", VERSION);
    file.fieldNames()
        .forEachRemaining(key -> require(KEYS.contains(key), key + " must not be there"));
    is("normalizer.type", "BertNormalizer");
    is("pre_tokenizer.type", "BertPreTokenizer");
    is("model.type", "WordPiece");
    String direction = at("truncation.direction").asText("Right");
    require(direction.equals("Right"), "truncation.direction must be Right, got " + direction);
    int tokens = at("model.vocab").size() + at("added_tokens").size();
    require(
        tokens <= MOST_TOKENS,
        "there must be at most %s tokens, got %s".formatted(MOST_TOKENS, tokens));
    throwIfAny();
    List<String> vocabulary = vocabulary();
    WholeTokens whole = whole();
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    specials(before, after);
    String unknown = text("model.unk_token");
    int index = vocabulary.indexOf(unknown);
    require(index >= 0, "model.unk_token must be of the vocabulary, got " + unknown);
    BertWords words = words();
    String continuation = text("model.continuing_subword_prefix");
    int most = whole("model.max_input_chars_per_word");
    throwIfAny();
    return new BertTokeniser(
        words,
        new WordPieces(new TokenIndices(vocabulary), index, continuation, most),
        whole,
        before,
        after);
  }

  private BertWords words() {
    boolean lowerCase = flag("normalizer.lowercase", null);
    return new BertWords(
        flag("normalizer.clean_text", null),
        flag("normalizer.handle_chinese_chars", null),
        flag("normalizer.strip_accents", lowerCase),
        lowerCase);
  }

  private List<String> vocabulary() {
    JsonNode tokens = at("model.vocab");
    @Nullable String[] byIndex = new String[tokens.size()];
    tokens
        .fields()
        .forEachRemaining(
            token -> {
              int index = token.getValue().isInt() ? token.getValue().intValue() : -1;
              if (index >= 0 && index < byIndex.length && byIndex[index] == null) {
                byIndex[index] = token.getKey();
              }
            });
    int gap = Arrays.asList(byIndex).indexOf(null);
    if (gap >= 0 || byIndex.length == 0) {
      throw InvalidInput.data(
          "model.vocab must give the indices from 0 to %s once each, and lacks %s"
              .formatted(byIndex.length - 1, Math.max(gap, 0)));
    }
    List<String> vocabulary = new ArrayList<>();
    for (String token : byIndex) {
      if (token != null) {
        vocabulary.add(token);
      }
    }
    return vocabulary;
  }

  /** Added tokens that the text has as they are: what BERT's special tokens are. */
  private WholeTokens whole() {
    Map<String, Integer> whole = new TreeMap<>();
    for (JsonNode token : at("added_tokens")) {
      String content = token.path("content").asText();
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        require(
            !token.path(flag).asBoolean(),
            "added_tokens: %s of %s must be false, got true".formatted(flag, content));
      }
      require(
          token.path("id").isInt() && whole.put(content, token.path("id").intValue()) == null,
          "added_tokens: %s must have one id, got %s"
              .formatted(content, Excerpt.of(token.path("id").toString())));
    }
    return new WholeTokens(whole);
  }

  /** The special tokens around a text. */
  private void specials(List<Integer> before, List<Integer> after) {
    JsonNode processor = at("post_processor");
    String type = processor.path("type").asText();
    if (type.equals("BertProcessing")) {
      before.add(processor.path("cls").path(1).asInt(-1));
      after.add(processor.path("sep").path(1).asInt(-1));
    } else if (type.equals("TemplateProcessing")) {
      template(processor, before, after);
    } else {
      require(
          processor.isNull() || processor.isMissingNode(),
          "post_processor.type must be TemplateProcessing or BertProcessing, got " + type);
    }
  }

  private void template(JsonNode processor, List<Integer> before, List<Integer> after) {
    int texts = 0;
    for (JsonNode piece : processor.path("single")) {
      JsonNode sequence = piece.path("Sequence");
      JsonNode special = piece.path("SpecialToken");
      require(
          sequence.path("type_id").asInt() == 0 && special.path("type_id").asInt() == 0,
          "post_processor.single: each type_id must be 0, got " + Excerpt.of(piece.toString()));
      if (sequence.isObject()) {
        texts++;
        continue;
      }
      JsonNode ids = processor.path("special_tokens").path(special.path("id").asText()).path("ids");
      require(
          !ids.isEmpty(),
          "post_processor.special_tokens must have what post_processor.single names, got no ids of "
              + Excerpt.of(piece.toString()));
      for (JsonNode id : ids) {
        (texts == 0 ? before : after).add(id.asInt(-1));
      }
    }
    require(texts == 1, "post_processor.single must have one Sequence, got " + texts);
  }

  /** What stands at a path of keys. */
  private JsonNode at(String path) {
    JsonNode node = file;
    for (String key : path.split("\\.", -1)) {
      node = node.path(key);
    }
    return node;
  }

  private void is(String path, String only) {
    String found = at(path).asText();
    require(
        found.equals(only),
        "%s must be %s, got %s"
            .formatted(path, only, found.isEmpty() ? "none" : Excerpt.of(found)));
  }

  private String text(String path) {
    require(at(path).isTextual(), path + " must be a text, got " + Excerpt.of(at(path).toString()));
    return at(path).asText();
  }

  private int whole(String path) {
    require(
        at(path).isInt(), path + " must be a whole number, got " + Excerpt.of(at(path).toString()));
    return at(path).intValue();
  }

  /** A truth value, for null another if there is one. */
  private boolean flag(String path, @Nullable Boolean instead) {
    JsonNode node = at(path);
    if (instead != null && (node.isNull() || node.isMissingNode())) {
      return instead;
    }
    require(node.isBoolean(), path + " must be true or false, got " + Excerpt.of(node.toString()));
    return node.asBoolean();
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }
}
