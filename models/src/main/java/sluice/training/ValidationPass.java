package sluice.training;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import sluice.data.InvalidInput;
import sluice.evaluation.metric.Tally;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.training.averaging.ReplicaPool;
import sluice.training.examples.FloatVector;
import sluice.training.examples.WorkerDataset;

/** Measures parameters on the validation part, on the executors that hold it. */
final class ValidationPass {
  private final JavaSparkContext spark;
  private final WorkerDataset held;
  private final Supplier<ReplicaPool.Lender> lender;
  private final Validator validator;

  /**
   * @param held the validation part; may be empty
   * @param lender what lends replicas of the network as it is trained now
   */
  ValidationPass(
      JavaSparkContext spark,
      WorkerDataset held,
      Supplier<ReplicaPool.Lender> lender,
      Validator validator) {
    this.spark = spark;
    this.held = held;
    this.lender = lender;
    this.validator = validator;
  }

  /** How many rows there are to measure on. */
  long rows() {
    return held.size();
  }

  /**
   * What not even a perfect network has a figure of must not be watched.
   *
   * @throws InvalidInput (data) if the validation part does not define the metric
   */
  void requireDefined(TrainSettings.EarlyStopping.Watched watched, List<Target> targets) {
    if (rows() == 0) {
      return;
    }
    String figure = watched.metric().name();
    spark.sc().setJobDescription("train: whether the validation part defines " + watched.name());
    Validator own = validator;
    List<Tally> perfect =
        held.blocks()
            .mapPartitions(blocks -> List.of(own.perfect(blocks)).iterator(), true)
            .reduce(
                (one, other) -> {
                  for (int t = 0; t < one.size(); t++) {
                    one.get(t).merge(other.get(t));
                  }
                  return one;
                });
    for (int t = 0; t < perfect.size(); t++) {
      Tally tally = perfect.get(t);
      if (watched.isOf(targets.get(t)) && Double.isNaN(tally.value(figure))) {
        throw InvalidInput.data(
            "train.early-stopping.metric must be defined on the validation part, %s is %s"
                .formatted(watched.configured(), tally.note(figure).orElse("undefined")));
      }
    }
  }

  /** Losses and metrics at these parameters. */
  Validation validate(float[] parameters, int epoch) {
    spark.sc().setJobDescription("train: validation after epoch " + epoch);
    Broadcast<FloatVector> current = spark.broadcast(new FloatVector(parameters));
    ReplicaPool.Lender replicas = lender.get();
    Validator own = validator;
    try {
      return held.blocks()
          .mapPartitions(
              blocks -> {
                Replica replica = replicas.borrow();
                Validation result = own.validate(replica, blocks, current.value().array());
                replicas.giveBack(replica);
                return List.of(result).iterator();
              },
              true)
          .reduce(Validation::merge);
    } finally {
      current.destroy();
    }
  }

  /** By how much the losses fall from the one to the other, whose losses must all be finite. */
  LossFall fall(float[] before, float[] after) {
    spark.sc().setJobDescription("train: whether the validation loss still falls");
    Broadcast<FloatVector> first = spark.broadcast(new FloatVector(before));
    Broadcast<FloatVector> second = spark.broadcast(new FloatVector(after));
    ReplicaPool.Lender replicas = lender.get();
    Validator own = validator;
    try {
      return held.blocks()
          .mapPartitions(
              blocks -> {
                Replica replica = replicas.borrow();
                LossFall result =
                    own.fall(replica, blocks, first.value().array(), second.value().array());
                replicas.giveBack(replica);
                return List.of(result).iterator();
              },
              true)
          .reduce(LossFall::merge);
    } finally {
      first.destroy();
      second.destroy();
    }
  }
}
