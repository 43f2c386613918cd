package sluice.network.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.NamedTypes;
import sluice.data.Require;
import sluice.data.Task;
import sluice.network.losses.HuberLoss;
import sluice.network.losses.LabelSmoothing;
import sluice.network.losses.QuantileLoss;

/**
 * What training makes small, besides the penalties on the weights: the mean over the examples, each
 * by its weight. That of a number is of the label as the network sees it: of a standardised label
 * errors are in its standard deviations, so that {@code delta = 1} is one of them. A constant
 * factor of the label leaves alone which network has the least squared, absolute or quantile loss.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Loss.Names.class)
@JsonDeserialize(using = Loss.Read.class)
public sealed interface Loss extends Serializable {

  /** The losses by the name that the configuration gives them. */
  NamedTypes<Loss> TYPES =
      NamedTypes.of(Loss.class)
          .with("auto", Auto.class)
          .with("cross-entropy", CrossEntropy.class)
          .with("mean-squared-error", MeanSquaredError.class)
          .with("mean-absolute-error", MeanAbsoluteError.class)
          .with("huber", Huber.class)
          .with("quantile", Quantile.class);

  Loss AUTO = new Auto();
  Loss CROSS_ENTROPY = new CrossEntropy(0);
  Loss MEAN_SQUARED_ERROR = new MeanSquaredError();
  Loss MEAN_ABSOLUTE_ERROR = new MeanAbsoluteError();

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /** Older bundles have names alone. The losses themselves are read as all records are. */
  final class Read extends JsonDeserializer<Loss> {
    private static final Map<String, Loss> OLDER =
        Map.of(
            "AUTO", AUTO,
            "CROSS_ENTROPY", CROSS_ENTROPY,
            "MEAN_SQUARED_ERROR", MEAN_SQUARED_ERROR,
            "MEAN_ABSOLUTE_ERROR", MEAN_ABSOLUTE_ERROR);

    @Override
    public Loss deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return (Loss) context.handleUnexpectedToken(Loss.class, in);
    }

    @Override
    public Object deserializeWithType(
        JsonParser in, DeserializationContext context, TypeDeserializer types) throws IOException {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return types.deserializeTypedFromObject(in, context);
      }
      Loss older = OLDER.get(in.getText());
      return older == null
          ? context.handleWeirdStringValue(Loss.class, in.getText(), "there is no such loss")
          : older;
    }
  }

  /** Whether a network for this task can have it. */
  boolean suits(Task task);

  /** The function of Deeplearning4j for a task that it suits. */
  ILossFunction function(Task task);

  /**
   * Why a network for this task cannot have this loss; nothing if it can. Not a method of each
   * loss: an interface with such is initialised with its classes, and the constants above wait for
   * these in turn.
   */
  static Optional<String> misfit(Loss loss, Task task) {
    return loss.suits(task)
        ? Optional.empty()
        : Optional.of(
            "model.loss %s needs a label of %s"
                .formatted(
                    TYPES.name(loss),
                    task == Task.REGRESSION ? "classes, got a number" : "numbers, got classes"));
  }

  /** Cross-entropy for classes, the mean squared error for numbers. */
  @JsonDeserialize
  record Auto() implements Loss {
    @Override
    public boolean suits(Task task) {
      return true;
    }

    @Override
    public ILossFunction function(Task task) {
      return (task == Task.REGRESSION ? MEAN_SQUARED_ERROR : CROSS_ENTROPY).function(task);
    }
  }

  /**
   * The negative log-likelihood of the true class, in nats; of sets the sum over the names, each of
   * which is there or not.
   *
   * @param labelSmoothing the share of the true class that goes to all classes alike (Szegedy et
   *     al. 2016, section 7), 0 to below 1; a name has two
   */
  @JsonDeserialize
  record CrossEntropy(double labelSmoothing) implements Loss {
    public CrossEntropy {
      new Require()
          .that(
              labelSmoothing >= 0 && labelSmoothing < 1,
              "label-smoothing must be at least 0 and below 1, got " + labelSmoothing)
          .hold();
    }

    @Override
    public boolean suits(Task task) {
      return task != Task.REGRESSION;
    }

    @Override
    public ILossFunction function(Task task) {
      boolean ofEach = task == Task.BINARY || task == Task.MULTILABEL;
      ILossFunction plain = ofEach ? new LossBinaryXENT() : new LossMCXENT();
      return labelSmoothing == 0 ? plain : new LabelSmoothing(plain, labelSmoothing);
    }
  }

  /** The squared error, of classes the mean over the outputs (Brier). */
  @JsonDeserialize
  record MeanSquaredError() implements Loss {
    @Override
    public boolean suits(Task task) {
      return true;
    }

    @Override
    public ILossFunction function(Task task) {
      return new LossMSE();
    }
  }

  /** The absolute error, of classes the mean over the outputs. */
  @JsonDeserialize
  record MeanAbsoluteError() implements Loss {
    @Override
    public boolean suits(Task task) {
      return true;
    }

    @Override
    public ILossFunction function(Task task) {
      return new LossMAE();
    }
  }

  /**
   * Huber 1964: half the squared error up to {@code delta}, a line from there on.
   *
   * @param delta above 0, on the scale on which the network sees the label
   */
  @JsonDeserialize
  record Huber(double delta) implements Loss {
    public Huber {
      new Require().above("delta", delta, 0).hold();
    }

    @Override
    public boolean suits(Task task) {
      return task == Task.REGRESSION;
    }

    @Override
    public ILossFunction function(Task task) {
      return new HuberLoss(delta);
    }
  }

  /**
   * Koenker and Bassett 1978: the network predicts a quantile, which is the same one in the units
   * of the label.
   *
   * @param tau which, above 0 and below 1
   */
  @JsonDeserialize
  record Quantile(double tau) implements Loss {
    public Quantile {
      new Require().that(tau > 0 && tau < 1, "tau must be above 0 and below 1, got " + tau).hold();
    }

    @Override
    public boolean suits(Task task) {
      return task == Task.REGRESSION;
    }

    @Override
    public ILossFunction function(Task task) {
      return new QuantileLoss(tau);
    }
  }
}
