package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Replica;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.testing.LocalSpark;
import sluice.training.AveragingTrainingMaster;
import sluice.training.device.DevicePin;

/** Replicas are off the heap: who lends them lets go of them. */
class ReplicaPoolTest {
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  private static MultiLayerConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(0.1))
        .list()
        .layer(
            new OutputLayer.Builder(new LossMSE())
                .nIn(2)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build())
        .build();
  }

  private static SparkDl4jMultiLayer network(AveragingTrainingMaster master) {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration());
    network.init();
    return new SparkDl4jMultiLayer(SPARK, network, master);
  }

  private static JavaRDD<DataSet> data(float factor) {
    return SPARK
        .parallelize(List.of(1, 2, 3, 4), 2)
        .map(
            seed -> {
              Random random = new Random(seed);
              float[] features = new float[8];
              for (int i = 0; i < features.length; i++) {
                features[i] = factor * random.nextFloat();
              }
              return new DataSet(
                  FloatArrays.create(features, 4, 2), FloatArrays.create(new float[4], 4, 1));
            });
  }

  private static AveragingTrainingMaster master() {
    return new AveragingTrainingMaster.Builder(4).workers(2).build();
  }

  @Test
  void aMasterLetsGoOfTheReplicasOfItsLastNetwork() {
    JavaRDD<DataSet> data = data(1);
    AveragingTrainingMaster kept = master();
    SparkDl4jMultiLayer expected = network(kept);
    expected.fit(data);
    expected.fit(data);
    kept.deleteTempFiles(SPARK);

    AveragingTrainingMaster master = master();
    SparkDl4jMultiLayer network = network(master);
    network.fit(data);
    assertThat(ReplicaPool.idle()).isPositive();
    master.deleteTempFiles(SPARK);
    assertThat(ReplicaPool.idle()).isZero();
    // Others take their place.
    network.fit(data);
    assertThat(ReplicaPool.idle()).isPositive();
    assertThat(FloatArrays.copy(network.getNetwork().params()))
        .containsExactly(FloatArrays.copy(expected.getNetwork().params()));
    master.deleteTempFiles(SPARK.sc());
    assertThat(ReplicaPool.idle()).isZero();
  }

  @Test
  void aMasterLetsGoOfReplicasAfterAFitThatFailed() {
    AveragingTrainingMaster master = master();
    assertThatThrownBy(() -> network(master).fit(data(Float.NaN))).isInstanceOf(InvalidInput.class);
    assertThat(ReplicaPool.idle()).isPositive();
    master.deleteTempFiles(SPARK);
    assertThat(ReplicaPool.idle()).isZero();
  }

  /** The tasks of local mode stand for those of executors. */
  @Test
  void executorsLetGoOfTheReplicasOfATrainingThatIsDone() {
    Replica replica =
        CompiledNetwork.training(configuration(), MatrixProducts.ofThisProcess()).orElseThrow();
    for (String training : List.of("done", "other")) {
      new ReplicaPool.Lender(training, () -> replica, DevicePin.host()).giveBack(replica);
    }

    ExecutorRelease.onExecutors(SPARK, () -> ReplicaPool.release("done"));
    assertThat(ReplicaPool.idle()).isEqualTo(1);
    ExecutorRelease.onExecutors(SPARK, () -> ReplicaPool.release("other"));
    assertThat(ReplicaPool.idle()).isZero();
  }

  /** What a training has come to stands, whatever becomes of the executors. */
  @Test
  void executorsThatCannotLetGoDoNotFailATraining() {
    ExecutorRelease.onExecutors(
        SPARK,
        () -> {
          throw new IllegalStateException("lost");
        });
  }
}
