package sluice.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.Json;

/**
 * What files of the library transformers beside an ONNX graph say that the graph may not.
 *
 * @param heads of attention; null if nothing says it
 * @param epsilon what is added to variances; null if nothing says it
 */
record BertConfig(@Nullable Integer heads, @Nullable Double epsilon) {
  /** The file with the sizes. */
  static final String FILE = "config.json";

  /** The file that the library sentence-transformers keeps the pooling in. */
  static final String POOLING = "1_Pooling/config.json";

  private static final long MOST_BYTES = 1 << 20;

  /**
   * What the file of a folder says; nothing if there is no such file.
   *
   * @throws InvalidInput (data) if it cannot be read or is no JSON
   */
  static BertConfig read(Path folder) {
    Optional<JsonNode> file = tree(folder, FILE);
    Optional<JsonNode> heads =
        file.map(tree -> tree.path("num_attention_heads")).filter(JsonNode::isInt);
    Optional<JsonNode> epsilon =
        file.map(tree -> tree.path("layer_norm_eps")).filter(JsonNode::isNumber);
    return new BertConfig(
        heads.map(JsonNode::intValue).orElse(null),
        epsilon.map(JsonNode::doubleValue).orElse(null));
  }

  /**
   * How the vectors of tokens become one, as the file of sentence-transformers says.
   *
   * @throws InvalidInput (data) if it cannot be read, or says neither the mean nor the first token
   */
  static Optional<Pooling> pooling(Path folder) {
    return tree(folder, POOLING)
        .map(
            tree -> {
              boolean first = tree.path("pooling_mode_cls_token").asBoolean();
              boolean mean = tree.path("pooling_mode_mean_tokens").asBoolean();
              if (first == mean) {
                throw InvalidInput.data(
                    "%s: one of pooling_mode_cls_token and pooling_mode_mean_tokens must be true, got %s and %s"
                        .formatted(folder.resolve(POOLING), first, mean));
              }
              return first ? Pooling.FIRST : Pooling.MEAN;
            });
  }

  private static Optional<JsonNode> tree(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      byte[] bytes =
          ForeignFile.read(file.resolveSibling(""), file.getFileName().toString(), MOST_BYTES);
      return Optional.of(Json.tree(new String(bytes, StandardCharsets.UTF_8), file.toString()));
    } catch (IOException e) {
      throw InvalidInput.data("%s: cannot be read: %s".formatted(file, e));
    }
  }
}
