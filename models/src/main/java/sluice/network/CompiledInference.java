package sluice.network;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.NoPlanException;

/**
 * Predictions by a compiled network; by Deeplearning4j's if the first examples show that the
 * network has no plan.
 */
final class CompiledInference implements Inference {
  private Inference inference;

  /** Null once it is known which of the two predicts. */
  private @Nullable Supplier<Inference> withoutPlan;

  /**
   * @param withoutPlan makes what predicts if there is no plan
   */
  CompiledInference(Inference compiled, Supplier<Inference> withoutPlan) {
    this.inference = compiled;
    this.withoutPlan = withoutPlan;
  }

  @Override
  public float[][] outputs(float[][] inputs, float[][] masks, int examples) {
    Supplier<Inference> other = withoutPlan;
    if (other == null) {
      return inference.outputs(inputs, masks, examples);
    }
    float[][] outputs;
    try {
      outputs = inference.outputs(inputs, masks, examples);
    } catch (NoPlanException e) {
      inference = other.get();
      outputs = inference.outputs(inputs, masks, examples);
    }
    withoutPlan = null;
    return outputs;
  }
}
