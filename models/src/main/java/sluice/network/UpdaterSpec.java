package sluice.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.nd4j.linalg.learning.config.IUpdater;
import sluice.data.InvalidInput;

/** The rule by which a gradient changes the parameters. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = UpdaterSpec.Adam.class, name = "adam"),
  @JsonSubTypes.Type(value = UpdaterSpec.Sgd.class, name = "sgd"),
  @JsonSubTypes.Type(value = UpdaterSpec.Nesterov.class, name = "nesterov"),
  @JsonSubTypes.Type(value = UpdaterSpec.RmsProp.class, name = "rms-prop")
})
public sealed interface UpdaterSpec {

  /** The updaters by the name that the configuration gives them. */
  Map<String, Class<? extends UpdaterSpec>> TYPES =
      Map.of(
          "adam",
          Adam.class,
          "sgd",
          Sgd.class,
          "nesterov",
          Nesterov.class,
          "rms-prop",
          RmsProp.class);

  IUpdater updater();

  /**
   * Kingma and Ba 2015.
   *
   * @param learningRate above 0
   * @param beta1 decay of the mean, 0 to below 1
   * @param beta2 decay of the squares, 0 to below 1
   * @param epsilon above 0
   */
  record Adam(double learningRate, double beta1, double beta2, double epsilon)
      implements UpdaterSpec {
    public Adam {
      positive("learning-rate", learningRate);
      share("beta1", beta1);
      share("beta2", beta2);
      positive("epsilon", epsilon);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Adam(learningRate, beta1, beta2, epsilon);
    }
  }

  /** Plain stochastic gradient descent. */
  record Sgd(double learningRate) implements UpdaterSpec {
    public Sgd {
      positive("learning-rate", learningRate);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Sgd(learningRate);
    }
  }

  /** Nesterov's accelerated gradient, as in Sutskever et al. 2013. */
  record Nesterov(double learningRate, double momentum) implements UpdaterSpec {
    public Nesterov {
      positive("learning-rate", learningRate);
      share("momentum", momentum);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Nesterovs(learningRate, momentum);
    }
  }

  /** Tieleman and Hinton 2012. */
  record RmsProp(double learningRate, double decay, double epsilon) implements UpdaterSpec {
    public RmsProp {
      positive("learning-rate", learningRate);
      share("decay", decay);
      positive("epsilon", epsilon);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.RmsProp(learningRate, decay, epsilon);
    }
  }

  private static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw InvalidInput.configuration(name + " must be above 0, got " + value);
    }
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw InvalidInput.configuration(name + " must be at least 0 and below 1, got " + value);
    }
  }
}
