package sluice.network;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;

/**
 * The rule by which a gradient changes the parameters. Its learning rate may be left to the data;
 * then it has to be given before an updater is made.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(UpdaterSpec.Names.class)
public sealed interface UpdaterSpec {

  /** The updaters by the name that the configuration gives them. */
  NamedTypes<UpdaterSpec> TYPES =
      NamedTypes.of(UpdaterSpec.class)
          .with("adam", Adam.class)
          .with("adamw", AdamW.class)
          .with("sgd", Sgd.class)
          .with("nesterov", Nesterov.class)
          .with("rms-prop", RmsProp.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /** How far a step goes; null if the data decide. */
  @Nullable Double learningRate();

  /**
   * The updater of a training.
   *
   * @throws IllegalStateException if the learning rate is left to the data
   */
  IUpdater updater();

  /** The same rule with this learning rate. */
  UpdaterSpec withLearningRate(double learningRate);

  /** Whether gradients are divided by their own size, so that steps of any network are alike. */
  boolean adaptive();

  /**
   * By what share of itself, times the learning rate, a step makes each weight smaller; neither
   * biases nor the parameters of normalisations nor embeddings.
   */
  default double weightDecay() {
    return 0;
  }

  /**
   * Kingma and Ba 2015.
   *
   * @param learningRate above 0; null if the data decide
   * @param beta1 decay of the mean, 0 to below 1
   * @param beta2 decay of the squares, 0 to below 1
   * @param epsilon above 0
   */
  record Adam(@Auto @Nullable Double learningRate, double beta1, double beta2, double epsilon)
      implements UpdaterSpec {
    public Adam(double learningRate, double beta1, double beta2, double epsilon) {
      this(Double.valueOf(learningRate), beta1, beta2, epsilon);
    }

    public Adam {
      positiveOrAuto("learning-rate", learningRate);
      share("beta1", beta1);
      share("beta2", beta2);
      positive("epsilon", epsilon);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Adam(rate(learningRate), beta1, beta2, epsilon);
    }

    @Override
    public UpdaterSpec withLearningRate(double learningRate) {
      return new Adam(learningRate, beta1, beta2, epsilon);
    }

    @Override
    public boolean adaptive() {
      return true;
    }
  }

  /**
   * Adam with a weight decay that does not go through its moments: Loshchilov and Hutter 2019,
   * algorithm 2, where the decay is multiplied by the learning rate and its schedule.
   *
   * @param learningRate above 0; null if the data decide
   * @param beta1 decay of the mean, 0 to below 1
   * @param beta2 decay of the squares, 0 to below 1
   * @param epsilon above 0
   * @param weightDecay above 0
   */
  record AdamW(
      @Auto @Nullable Double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay)
      implements UpdaterSpec {
    public AdamW {
      positiveOrAuto("learning-rate", learningRate);
      share("beta1", beta1);
      share("beta2", beta2);
      positive("epsilon", epsilon);
      positive("weight-decay", weightDecay);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Adam(rate(learningRate), beta1, beta2, epsilon);
    }

    @Override
    public UpdaterSpec withLearningRate(double learningRate) {
      return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay);
    }

    @Override
    public boolean adaptive() {
      return true;
    }
  }

  /**
   * Plain stochastic gradient descent.
   *
   * @param learningRate above 0; null if the data decide
   */
  record Sgd(@Auto @Nullable Double learningRate) implements UpdaterSpec {
    public Sgd(double learningRate) {
      this(Double.valueOf(learningRate));
    }

    public Sgd {
      positiveOrAuto("learning-rate", learningRate);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Sgd(rate(learningRate));
    }

    @Override
    public UpdaterSpec withLearningRate(double learningRate) {
      return new Sgd(learningRate);
    }

    @Override
    public boolean adaptive() {
      return false;
    }
  }

  /**
   * Nesterov's accelerated gradient, as in Sutskever et al. 2013.
   *
   * @param learningRate above 0; null if the data decide
   * @param momentum 0 to below 1
   */
  record Nesterov(@Auto @Nullable Double learningRate, double momentum) implements UpdaterSpec {
    public Nesterov(double learningRate, double momentum) {
      this(Double.valueOf(learningRate), momentum);
    }

    public Nesterov {
      positiveOrAuto("learning-rate", learningRate);
      share("momentum", momentum);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.Nesterovs(rate(learningRate), momentum);
    }

    @Override
    public UpdaterSpec withLearningRate(double learningRate) {
      return new Nesterov(learningRate, momentum);
    }

    @Override
    public boolean adaptive() {
      return false;
    }
  }

  /**
   * Tieleman and Hinton 2012.
   *
   * @param learningRate above 0; null if the data decide
   * @param decay of the mean of squares, 0 to below 1
   * @param epsilon above 0
   */
  record RmsProp(@Auto @Nullable Double learningRate, double decay, double epsilon)
      implements UpdaterSpec {
    public RmsProp(double learningRate, double decay, double epsilon) {
      this(Double.valueOf(learningRate), decay, epsilon);
    }

    public RmsProp {
      positiveOrAuto("learning-rate", learningRate);
      share("decay", decay);
      positive("epsilon", epsilon);
    }

    @Override
    public IUpdater updater() {
      return new org.nd4j.linalg.learning.config.RmsProp(rate(learningRate), decay, epsilon);
    }

    @Override
    public UpdaterSpec withLearningRate(double learningRate) {
      return new RmsProp(learningRate, decay, epsilon);
    }

    @Override
    public boolean adaptive() {
      return true;
    }
  }

  private static double rate(@Nullable Double learningRate) {
    if (learningRate == null) {
      throw new IllegalStateException("the learning rate is left to the data");
    }
    return learningRate;
  }

  private static void positiveOrAuto(String name, @Nullable Double value) {
    if (value != null) {
      positive(name, value);
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
