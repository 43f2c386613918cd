package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.layers.TransformerBlock.Norm;

/** {@link TransformerBlock} in Deeplearning4j's networks. */
final class TransformerBlockLayer extends AttentionRuntime<TransformerBlock> {
  private static final long serialVersionUID = 1L;

  TransformerBlockLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /**
   * What the way forward computed.
   *
   * @param first what the attention's norm made
   * @param read what attention read
   * @param second what the other norm made
   * @param hiddenRead what the connected layers read
   * @param before what comes before GELU
   */
  private record Pass(
      Normalised first,
      INDArray read,
      INDArray all,
      @Nullable INDArray drawn,
      INDArray gathered,
      Dropped attended,
      Normalised second,
      INDArray hiddenRead,
      INDArray before,
      Dropped hidden,
      Dropped back,
      INDArray out) {}

  /** Of a copy: Deeplearning4j's functions overwrite what they are given. */
  private INDArray gelu(INDArray x) {
    return layerConf().getGelu().function().getActivation(x.dup(), false);
  }

  /** The gradient by what GELU read. */
  private INDArray geluBack(INDArray x, INDArray epsilon) {
    return layerConf().getGelu().function().backprop(x.dup(), epsilon).getFirst();
  }

  private boolean normalisesFirst() {
    return layerConf().getNorm() == Norm.PRE;
  }

  private Attention attention(INDArray in) {
    return new Attention(layerConf().getHeads(), layerConf().isCausal(), in.size(0), in.size(2));
  }

  private Pass pass(INDArray in, Draws draws, boolean training, LayerWorkspaceMgr spaces) {
    INDArray x = Rows.of(in);
    INDArray firstGain = parameter(TransformerBlock.ATTENTION_GAIN, training, spaces);
    INDArray firstBias = parameter(TransformerBlock.ATTENTION_BIAS, training, spaces);
    INDArray secondGain = parameter(TransformerBlock.HIDDEN_GAIN, training, spaces);
    INDArray secondBias = parameter(TransformerBlock.HIDDEN_BIAS, training, spaces);
    boolean pre = normalisesFirst();
    Normalised before = Normalised.of(x, layerConf().getEpsilon());
    INDArray read = pre ? before.scaled(firstGain, firstBias) : x;
    INDArray all =
        connected(read, Attention.PROJECTIONS, Attention.PROJECTION_BIASES, training, spaces);
    all = positioned(all, layerConf().isRotary(), attention(in), 1);
    long weights = in.size(0) * layerConf().getHeads() * in.size(2) * in.size(2);
    INDArray drawn = draws.next(layerConf().getAttentionDropRate(), weights);
    INDArray gathered = attention(in).forward(all, maskArray, drawn);
    double rate = layerConf().getDropRate();
    Dropped attended =
        draws.drop(
            connected(gathered, Attention.OUTPUT, Attention.OUTPUT_BIASES, training, spaces), rate);
    INDArray sum = x.add(attended.rows());
    Normalised middle = Normalised.of(sum, layerConf().getEpsilon());
    INDArray hiddenRead =
        pre ? middle.scaled(secondGain, secondBias) : middle.scaled(firstGain, firstBias);
    INDArray inner =
        connected(
            hiddenRead, TransformerBlock.HIDDEN, TransformerBlock.HIDDEN_BIASES, training, spaces);
    Dropped hidden = draws.drop(gelu(inner), rate);
    Dropped back =
        draws.drop(
            connected(
                hidden.rows(),
                TransformerBlock.BACK,
                TransformerBlock.BACK_BIASES,
                training,
                spaces),
            rate);
    INDArray last = (pre ? sum : hiddenRead).add(back.rows());
    Normalised end = pre ? middle : Normalised.of(last, layerConf().getEpsilon());
    INDArray out = pre ? last : end.scaled(secondGain, secondBias);
    return new Pass(
        pre ? before : middle,
        read,
        all,
        drawn,
        gathered,
        attended,
        end,
        hiddenRead,
        inner,
        hidden,
        back,
        out);
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    return Rows.like(in, pass(in, drawing(training), training, workspaces).out());
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    Pass pass = pass(in, drawnBefore(), true, workspaces);
    boolean pre = normalisesFirst();
    INDArray delta = Rows.of(epsilon);
    INDArray bySum = pre ? delta : secondBack(pass, delta, workspaces);
    INDArray byHidden =
        connectedBack(
            pass.hidden().rows(),
            pass.back().backward(bySum),
            TransformerBlock.BACK,
            TransformerBlock.BACK_BIASES,
            workspaces);
    INDArray byInner = geluBack(pass.before(), pass.hidden().backward(byHidden));
    INDArray byRead =
        connectedBack(
            pass.hiddenRead(),
            byInner,
            TransformerBlock.HIDDEN,
            TransformerBlock.HIDDEN_BIASES,
            workspaces);
    INDArray byMiddle =
        pre
            ? bySum.add(secondBack(pass, byRead, workspaces))
            : firstBack(pass, bySum.add(byRead), workspaces);
    INDArray byGathered =
        connectedBack(
            pass.gathered(),
            pass.attended().backward(byMiddle),
            Attention.OUTPUT,
            Attention.OUTPUT_BIASES,
            workspaces);
    INDArray byAll = attention(in).backward(pass.all(), byGathered, maskArray, pass.drawn());
    byAll = positioned(byAll, layerConf().isRotary(), attention(in), -1);
    INDArray byAttention =
        connectedBack(
            pass.read(), byAll, Attention.PROJECTIONS, Attention.PROJECTION_BIASES, workspaces);
    return Rows.like(
        in, byMiddle.add(pre ? firstBack(pass, byAttention, workspaces) : byAttention));
  }

  private INDArray firstBack(Pass pass, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return pass.first()
        .backward(
            epsilon,
            parameter(TransformerBlock.ATTENTION_GAIN, true, workspaces),
            gradient(TransformerBlock.ATTENTION_GAIN),
            gradient(TransformerBlock.ATTENTION_BIAS));
  }

  private INDArray secondBack(Pass pass, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return pass.second()
        .backward(
            epsilon,
            parameter(TransformerBlock.HIDDEN_GAIN, true, workspaces),
            gradient(TransformerBlock.HIDDEN_GAIN),
            gradient(TransformerBlock.HIDDEN_BIAS));
  }
}
