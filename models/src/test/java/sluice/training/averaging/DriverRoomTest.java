package sluice.training.averaging;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import sluice.data.InvalidInput;
import sluice.network.RowTables;

final class DriverRoomTest {
  private static final long MIB = 1 << 20;

  private static SparkConf results(String most) {
    return new SparkConf(false).set("spark.driver.maxResultSize", most);
  }

  /** Of 1 MiB each worker: eight results, the sum in twice the bytes, the state. */
  @Test
  void whatTheHeapCannotHoldIsRefused() {
    DriverRoom room = new DriverRoom(MIB / 4 / 4, 3 * MIB / 4 / 4, 0, RowTables.none(), 8);
    assertThatCode(() -> room.require(results("8m"), 11 * MIB)).doesNotThrowAnyException();
    assertThatThrownBy(() -> room.require(results("0"), 11 * MIB - 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "model: to average 8 workers' networks of 65,536 parameters the driver needs at least"
                + " 11 MiB of Java heap, it has 11: give it more (SLUICE_DRIVER_MEMORY, or"
                + " spark.driver.memory with spark-submit), or make the network smaller, as"
                + " embeddings by their dimension or by max-categories of the step index");
  }

  @Test
  void whatSparkDoesNotLetResultsTakeIsRefused() {
    DriverRoom room = new DriverRoom(MIB, 0, 0, RowTables.none(), 3);
    assertThatCode(() -> room.require(results("12m"), 100 * MIB)).doesNotThrowAnyException();
    assertThatThrownBy(() -> room.require(results("11m"), 100 * MIB))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "spark.driver.maxResultSize must be at least 12 MiB for the results of 3 workers with"
                + " 1,048,576 parameters, or 0 for no limit, got 11 MiB");
  }

  /** More workers send their results through a tree, of whose nodes there are at most eight. */
  @Test
  void moreWorkersNeedNoMore() {
    DriverRoom room = new DriverRoom(MIB, 0, 0, RowTables.none(), 1000);
    assertThatCode(() -> room.require(results("32m"), 44 * MIB)).doesNotThrowAnyException();
  }

  /** Of a table of 1 MiB and its updater's 2 MiB one copy and the best epoch's 1 MiB. */
  @Test
  void largeTablesCountOnce() {
    int numbers = (int) (MIB / 4);
    RowTables tables =
        new RowTables(
            numbers,
            2 * numbers,
            List.of(new RowTables.Table(0, numbers / 8, 8, List.of(0, numbers))));
    DriverRoom room = new DriverRoom(numbers, 2L * numbers, 0, tables, 8);
    assertThatCode(() -> room.require(results("1k"), 4 * MIB)).doesNotThrowAnyException();
    assertThatThrownBy(() -> room.require(results("1k"), 4 * MIB - 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("the driver needs at least 4 MiB of Java heap, it has 4:");
  }

  /** What each of three workers keeps of 1 MiB: before the round and behind it. */
  @Test
  void whatWorkersKeepForThemselvesCountsForEach() {
    DriverRoom room = new DriverRoom(0, 0, MIB / 4, RowTables.none(), 3);
    assertThatCode(() -> room.require(results("3m"), 6 * MIB)).doesNotThrowAnyException();
    assertThatThrownBy(() -> room.require(results("2m"), 6 * MIB - 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("the driver needs at least 6 MiB")
        .hasMessageContaining("at least 3 MiB for the results of 3 workers");
  }
}
