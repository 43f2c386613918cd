package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import sluice.network.layers.NumberEmbedding.Encoding;

/** {@link NumberEmbedding} in Deeplearning4j's networks. */
final class NumberEmbeddingLayer extends RuntimeLayer<NumberEmbedding> {
  private static final long serialVersionUID = 1L;

  /** Beyond what an encoding comes to. */
  private static final double FAR = 1e30;

  NumberEmbeddingLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private boolean isPeriodic() {
    return layerConf().getEncoding() == Encoding.PERIODIC;
  }

  private int columns() {
    return layerConf().getColumns().size();
  }

  private INDArrayIndex[] part(int column) {
    int dimension = layerConf().getDimension();
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.interval((long) column * dimension, (column + 1L) * dimension)
    };
  }

  /** [examples, frequencies] of 2 pi f x. */
  private INDArray angles(INDArray in, int column, INDArray frequencies) {
    return in.getColumn(column, true).mmul(frequencies.getRow(column, true)).muli(2 * Math.PI);
  }

  /** [examples, bins] of where a number lies in each bin, below 0 and above 1 where beyond it. */
  private INDArray places(INDArray in, int column) {
    double[] edges = layerConf().getEdges()[column];
    INDArray x = in.getColumn(column, true);
    INDArray places = Nd4j.createUninitialized(dataType, in.size(0), edges.length - 1);
    for (int bin = 0; bin < edges.length - 1; bin++) {
      places.getColumn(bin, true).assign(x.sub(edges[bin]).divi(edges[bin + 1] - edges[bin]));
    }
    return places;
  }

  private double least(int bin) {
    return bin == 0 ? -FAR : 0;
  }

  private double most(int bin, int bins) {
    return bin == bins - 1 ? FAR : 1;
  }

  private INDArray encoded(INDArray in, int column, boolean training, LayerWorkspaceMgr spaces) {
    if (isPeriodic()) {
      INDArray angles =
          angles(in, column, parameter(NumberEmbedding.FREQUENCIES, training, spaces));
      return Nd4j.hstack(Transforms.cos(angles), Transforms.sin(angles));
    }
    INDArray places = places(in, column);
    int bins = layerConf().width(column);
    for (int bin = 0; bin < bins; bin++) {
      INDArray of = places.getColumn(bin, true);
      of.assign(Transforms.min(Transforms.max(of, least(bin)), most(bin, bins)));
    }
    return places;
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray out = Nd4j.createUninitialized(dataType, in.size(0), layerConf().getNOut());
    INDArray biases = parameter(NumberEmbedding.BIASES, training, workspaces);
    for (int column = 0; column < columns(); column++) {
      INDArray weights = parameter(NumberEmbedding.weights(column), training, workspaces);
      out.get(part(column))
          .assign(
              encoded(in, column, training, workspaces)
                  .mmul(weights)
                  .addiRowVector(biases.getRow(column, true)));
    }
    return isPeriodic() ? Transforms.relu(out) : out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray delta =
        isPeriodic() ? epsilon.mul(forward(in, true, workspaces).gt(0).castTo(dataType)) : epsilon;
    INDArray below = Nd4j.zeros(dataType, in.shape());
    for (int column = 0; column < columns(); column++) {
      INDArray own = delta.get(part(column)).dup();
      INDArray encoded = encoded(in, column, true, workspaces);
      gradient(NumberEmbedding.weights(column)).assign(encoded.transpose().mmul(own));
      gradient(NumberEmbedding.BIASES).getRow(column, true).assign(own.sum(true, 0));
      INDArray byEncoding =
          own.mmul(parameter(NumberEmbedding.weights(column), true, workspaces).transpose());
      below
          .getColumn(column, true)
          .assign(
              isPeriodic()
                  ? throughAngles(in, column, byEncoding, workspaces)
                  : throughBins(in, column, byEncoding));
    }
    return below;
  }

  private INDArray throughAngles(
      INDArray in, int column, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray frequencies = parameter(NumberEmbedding.FREQUENCIES, true, workspaces);
    INDArray angles = angles(in, column, frequencies);
    long count = frequencies.size(1);
    INDArray byCosine = epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(0, count));
    INDArray bySine = epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(count, 2 * count));
    INDArray byAngle =
        Transforms.cos(angles)
            .muli(bySine)
            .subi(Transforms.sin(angles).muli(byCosine))
            .muli(2 * Math.PI);
    gradient(NumberEmbedding.FREQUENCIES)
        .getRow(column, true)
        .assign(in.getColumn(column, true).dup().transpose().mmul(byAngle));
    return byAngle.mmul(frequencies.getRow(column, true).transpose());
  }

  private INDArray throughBins(INDArray in, int column, INDArray epsilon) {
    double[] edges = layerConf().getEdges()[column];
    INDArray places = places(in, column);
    INDArray sum = Nd4j.zeros(dataType, in.size(0), 1);
    int bins = edges.length - 1;
    for (int bin = 0; bin < bins; bin++) {
      INDArray place = places.getColumn(bin, true);
      INDArray within =
          place.gte(least(bin)).castTo(dataType).muli(place.lt(most(bin, bins)).castTo(dataType));
      sum.addi(within.muli(epsilon.getColumn(bin, true)).divi(edges[bin + 1] - edges[bin]));
    }
    return sum;
  }
}
