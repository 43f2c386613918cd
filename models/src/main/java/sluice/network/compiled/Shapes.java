package sluice.network.compiled;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;

/** Shapes of examples between arrays and Deeplearning4j's types of inputs. */
final class Shapes {
  private Shapes() {}

  /**
   * The type of values of a shape.
   *
   * @throws NoPlanException if it is neither of numbers, nor of series, nor of pictures
   */
  static InputType type(int... shape) {
    return switch (shape.length) {
      case 1 -> InputType.feedForward(shape[0]);
      case 2 -> InputType.recurrent(shape[0], shape[1]);
      case 3 -> InputType.convolutional(shape[1], shape[2], shape[0]);
      default -> throw new NoPlanException("values of the shape " + Arrays.toString(shape));
    };
  }

  static int[] of(InputType type) {
    if (type instanceof InputTypeConvolutional picture) {
      return new int[] {
        (int) picture.getChannels(), (int) picture.getHeight(), (int) picture.getWidth()
      };
    }
    if (type instanceof InputTypeRecurrent series) {
      return new int[] {(int) series.getSize(), (int) series.getTimeSeriesLength()};
    }
    return new int[] {(int) type.arrayElementsPerExample()};
  }
}
