package sluice.explanation;

import java.util.List;
import sluice.evaluation.predictions.Model;

/**
 * Explains what models predict, whatever they are made of.
 *
 * @param <T> what is said of one label
 */
public interface Explainer<T> {

  /** What is said of each label that a model predicts, in their order. */
  List<T> explain(Model model);
}
