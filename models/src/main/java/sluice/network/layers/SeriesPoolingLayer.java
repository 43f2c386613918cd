package sluice.network.layers;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import sluice.network.layers.SeriesPooling.Kind;

/** {@link SeriesPooling} in Deeplearning4j's networks. */
final class SeriesPoolingLayer extends ReducingLayer<SeriesPooling> {
  private static final long serialVersionUID = 1L;

  SeriesPoolingLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** The steps of an example that count for something, in their order. */
  private int[] steps(INDArray in, int example) {
    int[] there =
        IntStream.range(0, (int) in.size(2)).filter(step -> isThere(example, step)).toArray();
    int from = layerConf().getKind() == Kind.LAST ? Math.max(0, there.length - 1) : 0;
    int to = layerConf().getKind() == Kind.FIRST ? Math.min(1, there.length) : there.length;
    return Arrays.copyOfRange(there, from, to);
  }

  /** The steps of an example that count, [features, steps]; a copy. */
  private static INDArray there(INDArray in, int example, int[] steps) {
    INDArray series = in.get(NDArrayIndex.point(example), NDArrayIndex.all(), NDArrayIndex.all());
    INDArray there = Nd4j.createUninitialized(in.dataType(), in.size(1), steps.length);
    for (int i = 0; i < steps.length; i++) {
      there.putColumn(i, series.getColumn(steps[i]));
    }
    return there;
  }

  /** What each number of each step counts for, [features, steps], besides attention's weights. */
  private INDArray shares(INDArray there) {
    if (layerConf().getKind() != Kind.MAX) {
      return Nd4j.valueArrayOf(there.shape(), 1.0 / there.columns(), there.dataType());
    }
    INDArray shares = Nd4j.zeros(there.dataType(), there.shape());
    for (int feature = 0; feature < there.rows(); feature++) {
      int greatest = 0;
      for (int step = 1; step < there.columns(); step++) {
        if (there.getDouble(feature, step) > there.getDouble(feature, greatest)) {
          greatest = step;
        }
      }
      shares.putScalar(feature, greatest, 1);
    }
    return shares;
  }

  private static double root(INDArray there) {
    return Math.sqrt(there.rows());
  }

  /** Attention's weights of the steps, [1, steps]. */
  private INDArray weights(INDArray there, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray query = parameter(SeriesPooling.QUERY, training, workspaces).reshape(1, there.rows());
    INDArray powers = query.mmul(there).divi(root(there));
    powers = Transforms.exp(powers.sub(powers.maxNumber()));
    return powers.divi(powers.sumNumber());
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray out = Nd4j.zeros(dataType, in.size(0), in.size(1));
    for (int example = 0; example < in.size(0); example++) {
      int[] steps = steps(in, example);
      if (steps.length == 0) {
        continue;
      }
      INDArray there = there(in, example, steps);
      INDArray vector =
          layerConf().getKind() == Kind.ATTENTION
              ? there.mmul(weights(there, training, workspaces).transpose()).reshape(in.size(1))
              : there.mul(shares(there)).sum(1);
      out.putRow(example, vector);
    }
    return out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray below = Nd4j.zeros(dataType, in.shape());
    boolean attends = layerConf().getKind() == Kind.ATTENTION;
    if (attends) {
      gradient(SeriesPooling.QUERY).assign(0);
    }
    for (int example = 0; example < in.size(0); example++) {
      int[] steps = steps(in, example);
      if (steps.length == 0) {
        continue;
      }
      INDArray there = there(in, example, steps);
      INDArray delta = epsilon.getRow(example).reshape(in.size(1), 1);
      INDArray byThere =
          attends ? attentionBack(there, delta, workspaces) : shares(there).mulColumnVector(delta);
      for (int i = 0; i < steps.length; i++) {
        below
            .get(
                NDArrayIndex.point(example),
                NDArrayIndex.all(),
                NDArrayIndex.point((long) steps[i]))
            .assign(byThere.getColumn(i));
      }
    }
    return below;
  }

  private INDArray attentionBack(INDArray there, INDArray delta, LayerWorkspaceMgr workspaces) {
    INDArray query = parameter(SeriesPooling.QUERY, true, workspaces).reshape(there.rows(), 1);
    INDArray weights = weights(there, true, workspaces);
    INDArray byWeight = delta.transpose().mmul(there);
    double along = byWeight.mul(weights).sumNumber().doubleValue();
    INDArray byScore = byWeight.subi(along).muli(weights).divi(root(there));
    gradient(SeriesPooling.QUERY).addi(there.mmul(byScore.transpose()).reshape(there.rows()));
    return delta.mmul(weights).addi(query.mmul(byScore));
  }
}
