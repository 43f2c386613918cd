package sluice.network.lean;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a layer has before its activation function, kept from the way forward to the way back. */
final class PreOutput {
  private PreOutput() {}

  /**
   * The array itself where activation leaves in it all that its derivative asks for: most functions
   * overwrite it. The rectifier's derivative has the same value for an input as for its output.
   */
  static INDArray keep(INDArray z, BaseLayer layer, LayerWorkspaceMgr workspaces) {
    IActivation activation = layer.getActivationFn();
    boolean itself =
        activation instanceof ActivationIdentity
            || (activation instanceof LeanRelu relu && relu.isPlain());
    return itself ? z : workspaces.dup(ArrayType.ACTIVATIONS, z, z.ordering());
  }
}
