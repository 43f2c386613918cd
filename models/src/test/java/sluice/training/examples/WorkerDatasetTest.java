package sluice.training.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Batcher;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.Target;
import sluice.testing.LocalSpark;

/** Two workers with two blocks each, the second of them not full. */
final class WorkerDatasetTest {
  private static final int WORKERS = 2;
  private static final int ROWS = 2 * WorkerBlocks.MOST_EXAMPLES * WORKERS - 1001;
  private static final int BATCH = 100;
  private static final int EACH = (ROWS / WORKERS + BATCH) / BATCH;

  private static final List<TensorSpec> GROUPS =
      List.of(TensorSpec.of("x", Element.FLOAT32, List.of(1), List.of("a"), List.of(), List.of()));

  private static final ExampleLayout LAYOUT = new ExampleLayout(GROUPS);

  private static final Batcher BATCHER = batcher(GROUPS, LAYOUT);

  private static Batcher batcher(List<TensorSpec> groups, ExampleLayout layout) {
    return new Batcher(
        layout,
        List.of(NetworkInput.of("x", layout, groups)),
        List.of(Target.binary(1)),
        new double[] {1});
  }

  private static Dataset<Row> features(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(RowFactory.create("row" + i, i % 2, List.of((float) i)));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("key", DataTypes.StringType)
                .add("label", DataTypes.IntegerType)
                .add("x", DataTypes.createArrayType(DataTypes.FloatType)))
        .repartition(3);
  }

  private static WorkerDataset dealt(int count, ExampleStorage storage) {
    return WorkerDataset.of(features(count), BATCHER, WORKERS, storage, 5);
  }

  private static BlockReader reader(WorkerDataset dealt) {
    return new BlockReader(BATCHER, dealt.workerBlocks(), BATCH, 5);
  }

  /** The examples of the blocks that each worker reads, in their order. */
  private static List<List<Integer>> read(WorkerDataset dealt, MinibatchRange range) {
    return dealt.shards(reader(dealt)).of(range).map(Block::size).glom().collect();
  }

  /** The numbers of the examples that are trained, by worker, in their order. */
  private static List<List<Float>> trained(WorkerDataset dealt, MinibatchRange range) {
    BlockReader reader = reader(dealt);
    return dealt
        .shards(reader)
        .of(range)
        .mapPartitionsWithIndex(
            (worker, blocks) -> {
              List<Float> numbers = new ArrayList<>();
              try (Minibatches minibatches = reader.read(worker, blocks, range)) {
                while (minibatches.advance()) {
                  for (float number : minibatches.arrays().getFeatures(0).toFloatVector()) {
                    numbers.add(number);
                  }
                }
              }
              return numbers.iterator();
            },
            true)
        .glom()
        .collect();
  }

  @ParameterizedTest
  @EnumSource
  void everyExampleIsTrainedOnceAnEpochWhereverItIsKept(ExampleStorage storage) {
    try (WorkerDataset dealt = dealt(ROWS, storage)) {
      List<Float> all = new ArrayList<>();
      trained(dealt, new MinibatchRange(1, 1, 0, EACH, EACH, 0)).forEach(all::addAll);
      assertThat(dealt.size()).isEqualTo(ROWS);
      assertThat(all).doesNotHaveDuplicates().hasSize(ROWS);
    }
  }

  @Test
  void roundsOneAfterTheOtherTrainWhatAnEpochDoes() {
    try (WorkerDataset dealt = dealt(ROWS, ExampleStorage.DISK)) {
      List<List<Float>> pieces = List.of(new ArrayList<>(), new ArrayList<>());
      for (int from = 0; from < EACH; from += 7) {
        List<List<Float>> piece =
            trained(dealt, new MinibatchRange(2, 1, from, Math.min(EACH, from + 7), EACH, 0));
        for (int worker = 0; worker < WORKERS; worker++) {
          pieces.get(worker).addAll(piece.get(worker));
        }
      }
      assertThat(pieces).isEqualTo(trained(dealt, new MinibatchRange(2, 1, 0, EACH, EACH, 0)));
    }
  }

  @Test
  void aRoundReadsOnlyTheBlocksThatItTrains() {
    try (WorkerDataset dealt = dealt(ROWS, ExampleStorage.DISK)) {
      assertThat(read(dealt, new MinibatchRange(0, 1, 0, 1, EACH, 0)))
          .allMatch(one -> one.size() == 1);
      assertThat(read(dealt, new MinibatchRange(0, 3, 0, EACH, EACH, 0)))
          .allMatch(schedule -> schedule.size() == 3 * 2)
          .allMatch(
              schedule ->
                  schedule.stream().mapToInt(size -> size).sum() / 3 == ROWS / WORKERS
                      || schedule.stream().mapToInt(size -> size).sum() / 3 == ROWS / WORKERS + 1);
    }
  }

  @Test
  void workersMayHaveNothing() {
    try (WorkerDataset none = dealt(0, ExampleStorage.MEMORY_AND_DISK);
        WorkerDataset one = dealt(1, ExampleStorage.MEMORY_AND_DISK)) {
      assertThat(none.blocks().collect()).isEmpty();
      assertThat(none.workerBlocks().sizes()).containsExactly(0, 0);
      assertThat(one.workerBlocks().sizes()).containsExactly(1, 0);
      assertThat(trained(one, new MinibatchRange(0, 2, 0, 1, 1, 0)))
          .containsExactly(List.of(0f, 0f), List.of());
    }
  }

  /** The order of a training follows from its blocks: those of light examples stay as they are. */
  @ParameterizedTest
  @CsvSource({
    "60000, 3140, 4096", "60000, 12292, 4096", "100, 16384, 4096", "10000, 16400, 4092",
    "10000, 150532, 445", "100, 50331652, 1", "100, 2000000000, 1", "0, 0, 4096"
  })
  void aBlockHasFewerExamplesIfTheyWeighMore(long examples, long each, int blockSize) {
    WorkerBlocks blocks = WorkerBlocks.of(examples, examples * each, 3);
    assertThat(blocks.blockSize()).isEqualTo(blockSize);
    assertThat(blocks.size()).isEqualTo(examples);
    for (int worker = 0; worker < 3; worker++) {
      int own = worker;
      assertThat(
              IntStream.range(0, blocks.blocks(worker))
                  .mapToLong(block -> blocks.size(own, block))
                  .sum())
          .isEqualTo(blocks.size(worker));
    }
  }

  @Test
  void heavyExamplesAreKeptInSmallBlocks() {
    int mebibyte = 1 << 20;
    List<TensorSpec> groups = List.of(TensorSpec.bytes("x", List.of(1, 1024, 1024), 255));
    Batcher batcher = batcher(groups, new ExampleLayout(groups));
    Dataset<Row> features =
        LocalSpark.session()
            .range(70)
            .selectExpr(
                "cast(id as string) as key",
                "cast(id % 2 as int) as label",
                "cast(repeat('a', %d) as binary) as x".formatted(mebibyte));
    try (WorkerDataset dealt = WorkerDataset.of(features, batcher, 1, ExampleStorage.DISK, 5)) {
      assertThat(dealt.blocks().map(Block::size).collect()).containsExactly(63, 7);
      BlockReader reader = new BlockReader(batcher, dealt.workerBlocks(), 10, 5);
      MinibatchRange range = new MinibatchRange(0, 1, 0, 7, 7, 0);
      assertThat(dealt.shards(reader).of(range).map(Block::size).collect())
          .containsExactlyInAnyOrder(63, 7);
    }
  }

  @Test
  void theBytesOfSeriesAreThoseOfTheirSteps() {
    List<TensorSpec> groups =
        List.of(
            TensorSpec.of(
                "x", Element.FLOAT32, List.of(-1, 2), List.of("a", "b"), List.of(), List.of()),
            TensorSpec.of(
                "y", Element.FLOAT32, List.of(3), List.of("a", "b", "c"), List.of(), List.of()),
            TensorSpec.of(
                "z",
                Element.WEIGHTED_INDEX,
                List.of(-1),
                List.of(),
                List.of(9),
                List.of(List.of())));
    FeatureRows reader = new FeatureRows(new ExampleLayout(groups), List.of(Target.binary(1)));
    InternalRow row =
        new GenericInternalRow(
            new Object[] {
              1f,
              UnsafeArrayData.fromPrimitiveArray(new float[10]),
              UnsafeArrayData.fromPrimitiveArray(new float[3]),
              new GenericInternalRow(
                  new Object[] {
                    UnsafeArrayData.fromPrimitiveArray(new int[4]),
                    UnsafeArrayData.fromPrimitiveArray(new float[4])
                  })
            });
    assertThat(reader.bytes(row)).isEqualTo(4 * (1 + 10 + 3 + 8));
  }
}
