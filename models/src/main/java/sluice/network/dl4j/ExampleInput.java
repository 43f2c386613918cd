package sluice.network.dl4j;

import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * What an example has for one input of a user's network.
 *
 * @param groups the feature groups that it is made of, for messages
 * @param type of the input
 * @param indices how many there are, if it is a series of indices; else 0
 * @param weighted whether the indices have weights
 */
public record ExampleInput(String groups, InputType type, int indices, boolean weighted) {
  /** An input of the same shape for every example. */
  public static ExampleInput fixed(String groups, InputType type) {
    return new ExampleInput(groups, type, 0, false);
  }

  /**
   * A series.
   *
   * @param features numbers of a step; 1 of indices
   * @param indices how many there are; 0 of numbers
   */
  public static ExampleInput series(String group, int features, int indices) {
    return new ExampleInput(group, InputType.recurrent(features), indices, false);
  }

  /** A series of weighted indices, of which there are so many. */
  public static ExampleInput weighted(String group, int indices) {
    return new ExampleInput(group, InputType.recurrent(2), indices, true);
  }

  /** Whether each example has a length of its own. */
  public boolean isSeries() {
    return type.getType() == InputType.Type.RNN;
  }
}
