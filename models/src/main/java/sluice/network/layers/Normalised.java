package sluice.network.layers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Rows that are normalised, each by its own mean and variance.
 *
 * @param values of mean 0 and variance 1
 * @param deviations by which the centred rows were divided, [rows, 1]
 */
record Normalised(INDArray values, INDArray deviations) {
  static Normalised of(INDArray rows, double epsilon) {
    INDArray centred = rows.subColumnVector(rows.mean(true, 1));
    INDArray deviations = Transforms.sqrt(centred.mul(centred).mean(true, 1).addi(epsilon));
    return new Normalised(centred.divColumnVector(deviations), deviations);
  }

  INDArray scaled(INDArray gain, INDArray bias) {
    return values.mulRowVector(gain).addiRowVector(bias);
  }

  /**
   * The gradient by the rows from that by {@link #scaled}.
   *
   * @param gainGradient overwritten
   * @param biasGradient overwritten
   */
  INDArray backward(INDArray epsilon, INDArray gain, INDArray gainGradient, INDArray biasGradient) {
    gainGradient.assign(epsilon.mul(values).sum(0));
    biasGradient.assign(epsilon.sum(0));
    INDArray delta = epsilon.mulRowVector(gain);
    INDArray along = delta.mul(values).mean(true, 1);
    return delta
        .subColumnVector(delta.mean(true, 1))
        .subi(values.mulColumnVector(along))
        .diviColumnVector(deviations);
  }
}
