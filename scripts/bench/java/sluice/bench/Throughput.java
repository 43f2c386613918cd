package sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Trains one network in one way, epoch by epoch as it is told to: each line on standard input asks
 * for an epoch, and each epoch is answered by {@code epoch EXAMPLES SECONDS}. The first ones, in
 * which the compiler is at work, are not answered; {@code ready} follows them. So many ways can
 * take turns on one machine, each in a process of its own that is warm.
 */
public final class Throughput {
  private static final int WARM_UP_EPOCHS = 2;

  private final BenchNetwork network;
  private final int every;
  private final Path data;
  private final int examples;
  private final double warmUpSeconds;
  private final BufferedReader asked =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final long begun = System.nanoTime();
  private int epochs;
  private boolean warm;

  private Throughput(
      BenchNetwork network, int every, Path data, int examples, double warmUpSeconds) {
    this.network = network;
    this.every = every;
    this.data = data;
    this.examples = examples;
    this.warmUpSeconds = warmUpSeconds;
  }

  /**
   * @param args way, network, minibatches between two averagings, directory of the idx files,
   *     examples of an epoch, seconds that the compiler works on a training, feature table
   */
  public static void main(String[] args) throws Exception {
    Throughput throughput =
        new Throughput(
            BenchNetwork.of(args[1]),
            Integer.parseInt(args[2]),
            Path.of(args[3]),
            Integer.parseInt(args[4]),
            Double.parseDouble(args[5]));
    if (!args[0].equals("ours")) {
      // As in a program without Sluice: JavaCPP's own limit, once read, stays.
      Pointer.maxPhysicalBytes();
    }
    switch (args[0]) {
      case "plain" -> throughput.threads(1);
      case "threads" -> throughput.threads(Ours.WORKERS);
      case "stock" -> throughput.stock();
      default -> throughput.ours(args[6]);
    }
  }

  /** As many bare threads, each with a network and its share of the minibatches, in memory. */
  private void threads(int count) throws Exception {
    LabelledExamples read = read();
    List<Callable<Void>> epoch = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      Consumer<DataSet> fit = fit(network.deeplearning4j().orElseThrow());
      List<DataSet> own = read.minibatches(network.batchSize, t, count);
      epoch.add(
          () -> {
            own.forEach(fit);
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(count);
    while (true) {
      long start = System.nanoTime();
      for (Future<Void> thread : threads.invokeAll(epoch)) {
        thread.get();
      }
      ended(examples, start);
    }
  }

  private static Consumer<DataSet> fit(Model model) {
    if (model instanceof ComputationGraph graph) {
      return graph::fit;
    }
    return ((MultiLayerNetwork) model)::fit;
  }

  private LabelledExamples read() throws IOException {
    return LabelledExamples.read(network.examples, data, "train", examples);
  }

  /**
   * Deeplearning4j's own master on files of one minibatch each. It passes over what does not fill
   * its rounds, so it is given full ones.
   */
  private void stock() throws IOException {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(SparkSession.builder().getOrCreate().sparkContext());
    Path directory = Files.createTempDirectory("sluice-bench-");
    List<String> files = new ArrayList<>();
    for (DataSet minibatch : read().minibatches(network.batchSize, 0, 1)) {
      Path file = directory.resolve(files.size() + ".bin");
      minibatch.save(file.toFile());
      file.toFile().deleteOnExit();
      files.add(file.toUri().toString());
    }
    directory.toFile().deleteOnExit();
    int round = Ours.WORKERS * every;
    JavaRDD<String> paths =
        spark.parallelize(files.subList(0, files.size() / round * round), Ours.WORKERS);
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(Ours.WORKERS, network.batchSize)
            .batchSizePerWorker(network.batchSize)
            .averagingFrequency(every)
            .saveUpdater(true)
            .workerPrefetchNumBatches(2)
            .build();
    MultiLayerNetwork layers = (MultiLayerNetwork) network.deeplearning4j().orElseThrow();
    SparkDl4jMultiLayer trained = new SparkDl4jMultiLayer(spark, layers, master);
    while (true) {
      long start = System.nanoTime();
      trained.fitPaths(paths);
      ended(files.size() / round * round * network.batchSize, start);
    }
  }

  private void ours(String features) {
    Dataset<Row> train =
        SparkSession.builder()
            .getOrCreate()
            .read()
            .parquet(features)
            .where("position < " + examples);
    Ours.train(
        network.definition(),
        network.batchSize,
        every,
        train,
        train.limit(0),
        (epoch, seconds) -> ended(epoch.examples(), seconds));
  }

  private void ended(int trained, long start) {
    ended(trained, (System.nanoTime() - start) / 1e9);
  }

  /** Answers, and waits for the next question; without one the process is no longer wanted. */
  private void ended(long trained, double seconds) {
    epochs++;
    if (warm) {
      System.out.println("epoch " + trained + " " + seconds);
    } else if (epochs < WARM_UP_EPOCHS || (System.nanoTime() - begun) / 1e9 < warmUpSeconds) {
      return;
    } else {
      warm = true;
      System.out.println("ready");
    }
    try {
      if (asked.readLine() == null) {
        System.exit(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
