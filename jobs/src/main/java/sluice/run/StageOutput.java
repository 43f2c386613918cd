package sluice.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job reports of a stage when it publishes it; the rest of the manifest is measured.
 *
 * @param stage the stage
 * @param rows counts of rows by name, taken from the committed files
 * @param content digest of the content, or null where none is computed
 * @param facts whatever else is worth keeping, as JSON by name
 */
public record StageOutput(
    Stage stage, Map<String, Long> rows, @Nullable String content, Map<String, JsonNode> facts) {
  public StageOutput {
    rows = Map.copyOf(rows);
    facts = Map.copyOf(facts);
  }

  /** An outcome of which only the rows are known. */
  public static StageOutput of(Stage stage, Map<String, Long> rows) {
    return new StageOutput(stage, rows, null, Map.of());
  }

  /** The same with one more fact. */
  public StageOutput withFact(String name, JsonNode value) {
    Map<String, JsonNode> more = new HashMap<>(facts);
    more.put(name, value);
    return new StageOutput(stage, rows, content, more);
  }
}
