package sluice.network.compiled;

import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import sluice.network.layers.ErfGelu;
import sluice.network.layers.TanhGelu;

/** The activation functions that have a kernel. */
final class Activations {
  static final Activation IDENTITY = new Identity();
  static final Activation RELU = new Relu();
  private static final Activation ELU = new Elu();

  private static final Map<Class<? extends IActivation>, Activation> KERNELS =
      Map.of(
          ActivationIdentity.class, IDENTITY,
          ActivationReLU.class, RELU,
          ActivationTanH.class, new Tanh(),
          ActivationSigmoid.class, new Sigmoid(),
          ActivationSELU.class, new Selu(),
          ActivationSwish.class, new ScaledSigmoid(1),
          ActivationGELU.class, new ScaledSigmoid(1.702f),
          ActivationMish.class, new Mish(),
          TanhGelu.class, new OfGelu(new GeluByTangent()),
          ErfGelu.class, new OfGelu(new GeluByError()));

  private Activations() {}

  /** The kernel of a function; none if it has no kernel. */
  static Optional<Activation> of(IActivation function) {
    if (function.getClass() == ActivationELU.class) {
      // Deeplearning4j takes another alpha for 1 on the way back.
      double alpha = ((ActivationELU) function).getAlpha();
      return alpha == 1 ? Optional.of(ELU) : Optional.empty();
    }
    if (function.getClass() == ActivationLReLU.class) {
      double slope = ((ActivationLReLU) function).getAlpha();
      return slope > 0 ? Optional.of(new LeakyRelu((float) slope)) : Optional.empty();
    }
    // With a limit, a threshold or a slope it is another function; so is the other form of GELU.
    boolean plain =
        function instanceof ActivationReLU relu
            ? relu.getMax() == null
                && relu.getThreshold() == null
                && relu.getNegativeSlope() == null
            : !(function instanceof ActivationGELU gelu && gelu.isPrecise());
    return plain ? Optional.ofNullable(KERNELS.get(function.getClass())) : Optional.empty();
  }

  private static final class Identity implements Activation {
    @Override
    public void forward(float[] numbers, int count) {
      // They stay as they are.
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      // The derivative is 1.
    }
  }

  private static final class Relu implements Activation {
    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        numbers[i] = Math.max(numbers[i], 0);
      }
    }

    /** As products and a minimum the compiler vectorises it, which it does not with a choice. */
    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        gradients[i] *= Math.min(kept[i] * Float.MAX_VALUE, 1);
      }
    }
  }

  /** Maas et al. 2013. */
  private static final class LeakyRelu implements Activation {
    private final float slope;

    /**
     * @param slope below zero, above 0: what came out has the sign of what went in
     */
    LeakyRelu(float slope) {
      this.slope = slope;
    }

    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        numbers[i] = Math.max(numbers[i], 0) + slope * Math.min(numbers[i], 0);
      }
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        float negative = isNegative(kept[i]);
        gradients[i] *= 1 - negative + negative * slope;
      }
    }
  }

  /** Clevert et al. 2016, whose alpha is 1. */
  private static final class Elu implements Activation {
    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        float negative = Exponentials.expm1(Math.min(numbers[i], 0));
        numbers[i] = Math.max(numbers[i], 0) + negative;
      }
    }

    /** Of what came out: 1 above zero, and below it the distance from the lower limit. */
    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        float negative = isNegative(kept[i]);
        gradients[i] *= 1 + negative * kept[i];
      }
    }
  }

  /** 1 for a number below zero, else 0; without a choice, as with ReLU. */
  private static float isNegative(float number) {
    return Math.min(-Math.min(number, 0) * Float.MAX_VALUE, 1);
  }

  private static final class Tanh implements Activation {
    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        numbers[i] = Exponentials.tanh(numbers[i]);
      }
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        gradients[i] *= 1 - kept[i] * kept[i];
      }
    }
  }

  private static final class Sigmoid implements Activation {
    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        numbers[i] = Exponentials.sigmoid(numbers[i]);
      }
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        gradients[i] *= kept[i] * (1 - kept[i]);
      }
    }
  }

  /** Klambauer et al. 2017. */
  private static final class Selu implements Activation {
    private static final float SCALE = 1.050701f;
    private static final float ALPHA = 1.6732632f;

    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        float negative = Exponentials.expm1(Math.min(numbers[i], 0));
        numbers[i] = SCALE * (Math.max(numbers[i], 0) + ALPHA * negative);
      }
    }

    /** Of what came out: the scale above zero, and below it the distance from the lower limit. */
    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        float positive = Math.min(Math.max(kept[i], 0) * Float.MAX_VALUE, 1);
        float below = Math.min(kept[i], 0) + SCALE * ALPHA;
        gradients[i] *= positive * SCALE + (1 - positive) * below;
      }
    }
  }

  /**
   * x sigmoid(scale x): swish (Ramachandran et al. 2017) for 1, and for 1.702 the approximation of
   * GELU (Hendrycks and Gimpel 2016, section 2) that Deeplearning4j's GELU is.
   */
  private static final class ScaledSigmoid implements Activation {
    private final float scale;

    ScaledSigmoid(float scale) {
      this.scale = scale;
    }

    @Override
    public boolean keepsPreActivation() {
      return true;
    }

    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        numbers[i] *= Exponentials.sigmoid(scale * numbers[i]);
      }
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        float sigmoid = Exponentials.sigmoid(scale * kept[i]);
        gradients[i] *= sigmoid * (1 + scale * kept[i] * (1 - sigmoid));
      }
    }
  }

  /** {@link TanhGelu} or {@link ErfGelu}. */
  private record OfGelu(Gelu gelu) implements Activation {
    @Override
    public boolean keepsPreActivation() {
      return true;
    }

    @Override
    public void forward(float[] numbers, int count) {
      gelu.forward(numbers, numbers, count);
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      // Of its own: networks of several threads share this kernel.
      gelu.backward(kept, gradients, count, new float[count]);
    }
  }

  /**
   * x tanh(softplus(x)), Misra 2019. With e = exp(x), tanh(softplus(x)) is n / (n + 2) for n = e (e
   * + 2).
   */
  private static final class Mish implements Activation {
    /** From here on n / (n + 2) is 1 in single precision. */
    private static final float LARGE = 20;

    @Override
    public boolean keepsPreActivation() {
      return true;
    }

    @Override
    public void forward(float[] numbers, int count) {
      for (int i = 0; i < count; i++) {
        float e = Exponentials.exp(Math.min(numbers[i], LARGE));
        float n = e * (e + 2);
        numbers[i] *= n / (n + 2);
      }
    }

    @Override
    public void backward(float[] kept, float[] gradients, int count) {
      for (int i = 0; i < count; i++) {
        float e = Exponentials.exp(Math.min(kept[i], LARGE));
        float n = e * (e + 2);
        float tanh = n / (n + 2);
        // 1 - tanh^2 without cancellation, by the derivative of softplus.
        float slope = 4 * (n + 1) / ((n + 2) * (n + 2)) * (e / (1 + e));
        gradients[i] *= tanh + kept[i] * slope;
      }
    }
  }
}
