package sluice.explanation;

import java.util.List;

/**
 * Which tokens of texts speak for what a model predicts of one label.
 *
 * @param rows how many rows of the test part were looked at
 * @param leastRows how many of them have a token that is listed, at least
 * @param sides of classes, for each in their order the tokens that make it more probable; of a
 *     number, the tokens that raise it, then those that lower it
 */
public record TokenEffects(long rows, int leastRows, List<Side> sides) {
  /** The side of a number that is raised. */
  public static final String RAISED = "raised";

  /** The side of a number that is lowered. */
  public static final String LOWERED = "lowered";

  public TokenEffects {
    sides = List.copyOf(sides);
  }

  /**
   * One way in which a prediction can change.
   *
   * @param name the class, or {@link #RAISED} or {@link #LOWERED}
   * @param tokens those that change it most, the strongest first; at a tie those of more rows, then
   *     by text and token
   */
  public record Side(String name, List<TokenEffect> tokens) {
    public Side {
      tokens = List.copyOf(tokens);
    }
  }
}
