package sluice.boosting;

import java.util.Map;
import java.util.TreeMap;
import sluice.data.Require;

/**
 * How trees are grown and how many.
 *
 * @param leaves of a tree at most, at least 2
 * @param minRows of a leaf at least
 * @param learningRate the share of its best step that each tree takes
 * @param trees at most, of each class
 * @param patience trees without a better loss on the validation rows after which no more are grown
 */
public record BoostingSettings(
    int leaves, int minRows, double learningRate, int trees, int patience) {
  public BoostingSettings {
    new Require()
        .atLeast("leaves", leaves, 2)
        .atLeast("min-rows", minRows, 1)
        .above("learning-rate", learningRate, 0)
        .atLeast("trees", trees, 1)
        .atLeast("patience", patience, 1)
        .hold();
  }

  /** By name, for people. */
  public Map<String, Object> described() {
    return new TreeMap<>(
        Map.of(
            "leaves", leaves,
            "minRows", minRows,
            "learningRate", learningRate,
            "mostTrees", trees,
            "patience", patience));
  }
}
