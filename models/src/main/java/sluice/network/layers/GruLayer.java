package sluice.network.layers;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link Gru} in Deeplearning4j's networks, step by step. */
final class GruLayer extends RuntimeLayer<Gru> {
  private static final long serialVersionUID = 1L;

  GruLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /**
   * What a step made, [examples, nOut] each.
   *
   * @param kept what the candidate has of the state before, ahead of the reset gate
   */
  private record Made(
      INDArray before, INDArray reset, INDArray update, INDArray candidate, INDArray kept) {}

  private static INDArrayIndex[] at(int step) {
    return new INDArrayIndex[] {NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(step)};
  }

  private static INDArray step(INDArray series, int step) {
    return series.get(at(step)).dup('c').reshape(series.size(0), series.size(1));
  }

  /** The part of each row for a gate or for the candidate (0, 1, 2). */
  private static INDArray part(INDArray sums, int which) {
    long width = sums.size(1) / 3;
    return sums.get(NDArrayIndex.all(), NDArrayIndex.interval(which * width, (which + 1) * width))
        .dup('c');
  }

  /** The state of a step without those that the mask leaves out. */
  private INDArray kept(INDArray state, int step) {
    return maskArray == null
        ? state
        : state.mulColumnVector(
            maskArray.castTo(dataType).getColumn(step).reshape(state.size(0), 1));
  }

  private List<Made> steps(INDArray in, INDArray out, boolean training, LayerWorkspaceMgr spaces) {
    INDArray weights = parameter(Gru.WEIGHTS, training, spaces);
    INDArray recurrent = parameter(Gru.RECURRENT_WEIGHTS, training, spaces);
    INDArray biases = parameter(Gru.BIASES, training, spaces);
    INDArray recurrentBiases = parameter(Gru.RECURRENT_BIASES, training, spaces);
    INDArray state = Nd4j.zeros(dataType, in.size(0), layerConf().getNOut());
    List<Made> all = new ArrayList<>();
    for (int i = 0; i < in.size(2); i++) {
      INDArray read = step(in, i).mmul(weights).addiRowVector(biases);
      INDArray remembered = state.mmul(recurrent).addiRowVector(recurrentBiases);
      INDArray reset = Transforms.sigmoid(part(read, 0).addi(part(remembered, 0)));
      INDArray update = Transforms.sigmoid(part(read, 1).addi(part(remembered, 1)));
      INDArray kept = part(remembered, 2);
      INDArray candidate = Transforms.tanh(part(read, 2).addi(reset.mul(kept)));
      all.add(new Made(state, reset, update, candidate, kept));
      state = kept(candidate.mul(update.rsub(1)).addi(update.mul(state)), i);
      out.put(at(i), state);
    }
    return all;
  }

  private INDArray states(INDArray in) {
    return Nd4j.createUninitialized(dataType, in.size(0), layerConf().getNOut(), in.size(2));
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray out = states(in);
    steps(in, out, training, workspaces);
    return out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    List<Made> all = steps(in, states(in), true, workspaces);
    INDArray weights = parameter(Gru.WEIGHTS, true, workspaces);
    INDArray recurrent = parameter(Gru.RECURRENT_WEIGHTS, true, workspaces);
    INDArray byWeights = gradient(Gru.WEIGHTS).assign(0);
    INDArray byRecurrent = gradient(Gru.RECURRENT_WEIGHTS).assign(0);
    INDArray byBiases = gradient(Gru.BIASES).assign(0);
    INDArray byRecurrentBiases = gradient(Gru.RECURRENT_BIASES).assign(0);
    INDArray below = Nd4j.createUninitialized(dataType, in.shape());
    INDArray carried = Nd4j.zeros(dataType, in.size(0), layerConf().getNOut());
    for (int i = all.size() - 1; i >= 0; i--) {
      Made made = all.get(i);
      INDArray by = kept(step(epsilon, i).addi(carried), i);
      INDArray byCandidate =
          by.mul(made.update().rsub(1)).muli(made.candidate().mul(made.candidate()).rsubi(1));
      INDArray byUpdate =
          by.mul(made.before().sub(made.candidate()))
              .muli(made.update())
              .muli(made.update().rsub(1));
      INDArray byReset = byCandidate.mul(made.kept()).muli(made.reset()).muli(made.reset().rsub(1));
      INDArray bySums = Nd4j.concat(1, byReset, byUpdate, byCandidate);
      INDArray byRemembered = Nd4j.concat(1, byReset, byUpdate, byCandidate.mul(made.reset()));
      byWeights.addi(step(in, i).transpose().mmul(bySums));
      byBiases.addi(bySums.sum(0));
      byRecurrent.addi(made.before().transpose().mmul(byRemembered));
      byRecurrentBiases.addi(byRemembered.sum(0));
      below.put(at(i), bySums.mmul(weights.transpose()));
      carried = byRemembered.mmul(recurrent.transpose()).addi(by.mul(made.update()));
    }
    return below;
  }
}
