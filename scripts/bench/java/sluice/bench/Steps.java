package sluice.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.Replica;

/**
 * Steps of training on drawn examples, compiled and by Deeplearning4j in turns, in one thread. Each
 * turn is answered by {@code turn COMPILED DEEPLEARNING4J}, where Deeplearning4j lacks the network
 * by {@code turn COMPILED}, in examples a second of the thread's processor time: what else the
 * machine does counts less than in seconds of a clock.
 */
public final class Steps {
  private static final int MINIBATCHES = 8;

  /** Turns in which the compiler is at work. */
  private static final int WARM_UP = 3;

  private final int batchSize;
  private final List<MultiDataSet> minibatches = new ArrayList<>();

  private Steps(BenchNetwork network) {
    batchSize = network.batchSize;
    LabelledExamples.drawn(network.examples, MINIBATCHES * batchSize)
        .minibatches(batchSize, 0, 1)
        .forEach(minibatch -> minibatches.add(minibatch.toMultiDataSet()));
  }

  private static Replica compiled(Network network) {
    Replica compiled = network.replica();
    compiled.setParameters(network.parameters());
    return compiled;
  }

  /**
   * @param args network, processor-seconds of a turn, turns
   */
  public static void main(String[] args) {
    Natives.load();
    BenchNetwork network = BenchNetwork.of(args[0]);
    List<Replica> ways = new ArrayList<>();
    ways.add(compiled(network.definition().initial(Ours.ADAM, Ours.SEED)));
    network.deeplearning4j().ifPresent(model -> ways.add(Network.of(model)));
    Steps steps = new Steps(network);
    double seconds = Double.parseDouble(args[1]);
    int turns = Integer.parseInt(args[2]);
    for (int turn = -WARM_UP; turn < turns; turn++) {
      StringBuilder rates = new StringBuilder("turn");
      for (Replica way : ways) {
        rates.append(' ').append(steps.rate(way, seconds));
      }
      if (turn >= 0) {
        System.out.println(rates);
      }
    }
  }

  private double rate(Replica way, double seconds) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    long examples = 0;
    double spent = 0;
    for (int step = 0; spent < seconds; step++) {
      way.fit(minibatches.get(step % MINIBATCHES));
      examples += batchSize;
      spent = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    }
    return examples / spent;
  }
}
