package sluice.network.compiled;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.layers.recurrent.LastTimeStepLayer;
import org.deeplearning4j.nn.params.BidirectionalParamInitializer;
import sluice.network.compiled.RecurrentOp.Masking;
import sluice.network.compiled.Unrolled.Direction;
import sluice.network.layers.Gru;

/** How recurrent layers are compiled. */
final class RecurrentKernels {
  private RecurrentKernels() {}

  static Optional<Tensor> recurrent(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    // By itself Deeplearning4j's LSTM takes no notice of a mask; wrapped it does.
    Masking masking =
        settings.getClass() == LSTM.class && !(layer instanceof LastTimeStepLayer)
            ? Masking.PASSED
            : Masking.APPLIED;
    return in.isSeries()
        ? cell(Unrolled.forward(layer, in.shape()[1]), settings, c)
            .map(cell -> states(cell, in, masking, c))
        : Optional.empty();
  }

  private static Optional<Tensor> direction(
      Unrolled over, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    return cell(over, settings, c).map(cell -> states(cell, in, Masking.APPLIED, c));
  }

  private static Tensor states(RecurrentCell cell, Tensor in, Masking masking, Compilation c) {
    RecurrentOp op = new RecurrentOp(c, in, cell, masking);
    c.add(op);
    return op.out();
  }

  private static Optional<RecurrentCell> cell(
      Unrolled over, org.deeplearning4j.nn.conf.layers.Layer settings, Compilation c) {
    if (!(settings instanceof BaseRecurrentLayer recurrent)
        || recurrent.getRnnDataFormat() == RNNFormat.NWC) {
      return Optional.empty();
    }
    if (settings.getClass() == Gru.class) {
      return Optional.of(new GruCell(c, over));
    }
    if (settings.getClass() != LSTM.class) {
      return Optional.empty();
    }
    Optional<Activation> activation =
        Activations.of(recurrent.getActivationFn()).filter(each -> !each.keepsPreActivation());
    Optional<Activation> gate =
        Activations.of(((LSTM) recurrent).getGateActivationFn())
            .filter(each -> !each.keepsPreActivation());
    return activation.isPresent() && gate.isPresent()
        ? Optional.of(new LstmCell(c, over, activation.get(), gate.get()))
        : Optional.empty();
  }

  /**
   * Two layers, of which one begins at the last step, and what is made of both. Their states are
   * zero where a mask leaves a step out: so the one that begins at the last step does not run
   * through the padding, as it does with Deeplearning4j's LSTM, where {@code LastTimeStep} does not
   * stand around both.
   */
  static Optional<Tensor> bidirectional(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    Bidirectional both = (Bidirectional) settings;
    if (!in.isSeries() || !Compiler.isPlain(both.getFwd()) || !Compiler.isPlain(both.getBwd())) {
      return Optional.empty();
    }
    Optional<Tensor> forth =
        direction(
            over(layer, BidirectionalParamInitializer.FORWARD_PREFIX, in, Direction.FORWARD),
            both.getFwd(),
            c.dropped(both.getFwd(), in),
            c);
    Optional<Tensor> back =
        direction(
            over(layer, BidirectionalParamInitializer.BACKWARD_PREFIX, in, Direction.BACKWARD),
            both.getBwd(),
            c.dropped(both.getBwd(), in),
            c);
    return forth.isPresent() && back.isPresent()
        ? Optional.of(together(both.getMode(), List.of(forth.get(), back.get()), c))
        : Optional.empty();
  }

  private static Unrolled over(Layer layer, String prefix, Tensor in, Direction direction) {
    return new Unrolled(layer, prefix, in.shape()[1], direction);
  }

  private static Tensor together(Bidirectional.Mode mode, List<Tensor> both, Compilation c) {
    Tensor out =
        switch (mode) {
          case CONCAT -> merged(both, c);
          case ADD -> combined(both, ElementWiseVertex.Op.Add, c);
          case AVERAGE -> combined(both, ElementWiseVertex.Op.Average, c);
          case MUL -> combined(both, ElementWiseVertex.Op.Product, c);
        };
    return out.masked(both.get(0).mask());
  }

  private static Tensor merged(List<Tensor> both, Compilation c) {
    int[] shape = both.get(0).shape();
    Tensor out = c.passing(both, 2 * shape[0], shape[1]);
    c.add(new Merge(both, out));
    return out;
  }

  private static Tensor combined(List<Tensor> both, ElementWiseVertex.Op op, Compilation c) {
    Tensor out = c.passing(both, both.get(0).shape());
    c.add(new ElementWise(both, out, op, Activations.IDENTITY));
    return out;
  }
}
