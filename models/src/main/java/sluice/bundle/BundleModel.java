package sluice.bundle;

import java.util.List;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.Model;
import sluice.network.ExampleLayout;
import sluice.network.Predictor;

/** A bundle's network: probabilities are calibrated, numbers in the units of their labels. */
record BundleModel(SentBundle sent) implements Model {
  private static final long serialVersionUID = 1L;

  @Override
  public ExampleLayout layout() {
    return sent.bundle().definition().layout();
  }

  @Override
  public List<Label> labels() {
    return sent.bundle().targets().stream().map(BundleTarget::label).toList();
  }

  @Override
  public Outputs open() {
    ModelBundle bundle = sent.bundle();
    List<BundleTarget> targets = bundle.targets();
    Predictor predictor = bundle.definition().predictor(bundle.parameters());
    return examples -> {
      float[][][] predicted = predictor.predict(examples);
      double[][][] outputs = new double[targets.size()][examples.size()][];
      for (BundleTarget target : targets) {
        for (int i = 0; i < examples.size(); i++) {
          outputs[target.index()][i] =
              target.outputs(target.calibrated(predicted[target.index()][i]));
        }
      }
      return outputs;
    };
  }
}
