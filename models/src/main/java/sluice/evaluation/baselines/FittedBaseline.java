package sluice.evaluation.baselines;

import java.util.Map;
import sluice.evaluation.predictions.Model;

/**
 * A baseline that has seen the train rows.
 *
 * @param name its type in {@link Baselines}
 * @param parameters what it was fitted with, as the report shows it
 * @param trainRows how many rows it was fitted to
 * @param fitSeconds how long the rows took to read and the fit
 * @param model what predicts
 */
public record FittedBaseline(
    String name, Map<String, Object> parameters, long trainRows, double fitSeconds, Model model) {
  public FittedBaseline {
    parameters = Map.copyOf(parameters);
  }
}
