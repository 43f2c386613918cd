package sluice.training.averaging;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.network.Replica;
import sluice.network.RowTables;
import sluice.network.TableRows;
import sluice.testing.LocalSpark;
import sluice.training.examples.FloatVector;
import sluice.training.examples.MinibatchRange;

/** What a process keeps from round to round. */
class WholeNetworkTest {
  /** A parameter, two rows of one number, another parameter; as much of the updater's state. */
  private static final RowTables TABLES =
      new RowTables(4, 4, List.of(new RowTables.Table(1, 2, 1, List.of(1))));

  @AfterEach
  void letGo() {
    WholeNetwork.release("this");
    WholeNetwork.release("other");
  }

  /** The rest and row 1 are those of the round, the row's state is ten times it. */
  private static Round round(String training, int number) {
    float value = number;
    return new Round(
        training,
        number,
        TABLES,
        Exchange.of(
            new Replica.Changes(
                new float[] {value, value},
                new float[] {-value, -value},
                new TableRows(new int[] {1}, new float[] {value, 10 * value}))),
        1,
        0,
        new MinibatchRange(0, 1, 0, 1, 1, 0));
  }

  private static Broadcast<WholeNetwork> sent() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
        .broadcast(
            new WholeNetwork(
                new FloatVector(new float[] {5, 6, 7, 8}),
                new FloatVector(new float[] {50, 60, 70, 80})));
  }

  private static void assertNetwork(
      WholeNetwork network, List<Float> parameters, List<Float> state) {
    assertThat(network.parameters().array()).containsExactly(parameters.toArray(Float[]::new));
    assertThat(network.updaterState().array()).containsExactly(state.toArray(Float[]::new));
  }

  @Test
  void aRoundChangesWhatTheOneBeforeStartedFrom() {
    assertThat(WholeNetwork.of(round("this", 3), null)).as("of a new process").isNull();
    WholeNetwork third = requireNonNull(WholeNetwork.of(round("this", 3), sent()));
    assertNetwork(third, List.of(5f, 6f, 7f, 8f), List.of(50f, 60f, 70f, 80f));
    assertThat(WholeNetwork.of(round("this", 3), null)).as("for another task").isSameAs(third);
    WholeNetwork fourth = requireNonNull(WholeNetwork.of(round("this", 4), null));
    assertNetwork(fourth, List.of(4f, 6f, 4f, 4f), List.of(-4f, 60f, 40f, -4f));
    assertThat(WholeNetwork.of(round("this", 3), sent())).as("a task left behind").isNull();
  }

  @Test
  void aProcessThatMissedARoundOrDidAnotherTrainingIsSentAll() {
    requireNonNull(WholeNetwork.of(round("this", 3), sent()));
    assertThat(WholeNetwork.of(round("this", 5), null)).isNull();
    assertThat(WholeNetwork.of(round("this", 5), sent())).isNotNull();
    assertThat(WholeNetwork.of(round("other", 0), sent())).isNotNull();
    assertThat(WholeNetwork.of(round("this", 6), null)).isNull();
    WholeNetwork.release("other");
    assertThat(WholeNetwork.of(round("other", 1), null)).isNull();
  }

  @Test
  void withoutLargeTablesAllOfItGoesOutInEachRound() {
    Round round =
        new Round(
            "this",
            7,
            RowTables.none(),
            Exchange.of(new Replica.Changes(new float[] {1, 2}, new float[] {3}, TableRows.NONE)),
            1,
            0,
            new MinibatchRange(0, 1, 0, 1, 1, 0));
    assertNetwork(requireNonNull(WholeNetwork.of(round, null)), List.of(1f, 2f), List.of(3f));
  }

  /** The tasks of local mode stand for those of executors. */
  @Test
  void executorsLetGoOfATrainingThatIsDone() {
    requireNonNull(WholeNetwork.of(round("this", 3), sent()));
    ExecutorRelease.onExecutors(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext()),
        () -> WholeNetwork.release("this"));
    assertThat(WholeNetwork.of(round("this", 4), null)).isNull();
  }
}
