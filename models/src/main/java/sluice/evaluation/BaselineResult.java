package sluice.evaluation;

import java.util.Map;

/**
 * A fitted baseline's predictions.
 *
 * @param name its type in {@link Baselines}
 * @param parameters what it was fitted with, as spark.ml names it
 * @param trainRows how many rows it was fitted to
 * @param fitSeconds how long the rows took to read and the fit
 * @param predictions by part
 */
public record BaselineResult(
    String name,
    Map<String, Object> parameters,
    long trainRows,
    double fitSeconds,
    Map<String, Predictions> predictions) {
  public BaselineResult {
    parameters = Map.copyOf(parameters);
    predictions = Map.copyOf(predictions);
  }
}
