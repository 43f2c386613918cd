package sluice.augment;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import sluice.data.InvalidInput;

/**
 * Adds copies of every train row with Gaussian noise on their numbers; category indices stay as
 * they are. The noise of a number has a standard deviation in proportion to that of the same
 * feature over the train rows, so a constant feature stays constant.
 *
 * @param copies copies of each row, from 1 to 1,000
 * @param std the noise, in standard deviations of the feature; above 0
 */
public record Jitter(int copies, double std) implements FeatureAugmenter {
  public Jitter {
    List<String> problems = new ArrayList<>();
    if (copies < 1 || copies > 1_000) {
      problems.add("copies must be from 1 to 1000, got " + copies);
    }
    if (!(std > 0 && Double.isFinite(std))) {
      problems.add("std must be above 0 and finite, got " + std);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  @Override
  public Added add(TrainFeatures train, AugmentContext context) {
    FeatureLayout layout = train.layout();
    if (layout.floats() == 0) {
      throw InvalidInput.configuration(
          context.problem("needs features that are numbers, there are none"));
    }
    Deviations deviations =
        train
            .rows()
            .javaRDD()
            .treeAggregate(
                new Deviations(layout.floats()),
                (sum, row) -> {
                  sum.add(layout.floats(row));
                  return sum;
                },
                (left, right) -> {
                  left.merge(right);
                  return left;
                });
    double[] noise = deviations.values();
    for (int i = 0; i < noise.length; i++) {
      noise[i] *= std;
    }
    Dataset<Row> rows =
        train
            .rows()
            .flatMap(
                new AddNoise(layout, context, copies, noise),
                Encoders.row(FeatureLayout.addedSchema(train.rows().schema())));
    return new Added(rows, copies);
  }

  private static final class AddNoise implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final FeatureLayout layout;
    private final AugmentContext context;
    private final int copies;
    private final double[] noise;

    AddNoise(FeatureLayout layout, AugmentContext context, int copies, double[] noise) {
      this.layout = layout;
      this.context = context;
      this.copies = copies;
      this.noise = noise;
    }

    @Override
    public Iterator<Row> call(Row row) {
      float[] floats = layout.floats(row);
      int[] indices = layout.indices(row);
      return IntStream.range(context.firstCopy(), context.firstCopy() + copies)
          .mapToObj(copy -> layout.added(row, copy, noisy(row, copy, floats), indices))
          .iterator();
    }

    private float[] noisy(Row row, int copy, float[] floats) {
      SeededRandom random = context.random(layout.key(row), copy);
      float[] noisy = new float[floats.length];
      for (int i = 0; i < noisy.length; i++) {
        noisy[i] = (float) (floats[i] + noise[i] * random.nextGaussian());
      }
      return noisy;
    }
  }
}
