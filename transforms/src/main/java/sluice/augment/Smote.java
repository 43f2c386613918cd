package sluice.augment;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;

/**
 * Adds examples of small classes that lie between a row and one of its nearest neighbours of the
 * same class: SMOTE (N. V. Chawla, K. W. Bowyer, L. O. Hall, W. P. Kegelmeyer, "SMOTE: Synthetic
 * Minority Over-sampling Technique", JAIR 16, 2002), and SMOTE-NC (section 6.1) where there are
 * category indices.
 *
 * <p>Every row of a class is a base equally often, and some once more, as in {@link Oversample}. An
 * example is {@code base + u * (neighbour - base)} with one u from [0, 1) for all its numbers, so
 * that it lies on the segment between the two, and a neighbour drawn from the nearest. Its category
 * indices are each the most frequent among all these neighbours, the least at a tie. Distances are
 * Euclidean over all numbers as they are normalised; each index that differs adds the square of the
 * median of the numbers' population standard deviations within the class, or 1 if there are no
 * numbers.
 *
 * <p>Neighbours are exact, found by comparing every two rows of a class, up to {@link #MAX_ROWS}
 * rows. A class with no more rows than {@code neighbours} has one neighbour less than rows; a class
 * of one row has none and is refused.
 *
 * @param neighbours how many nearest neighbours an example may lean towards, from 1 to 1,000
 * @param classes which classes grow, as in {@link Oversample}
 * @param ratio and how far, as in {@link Oversample}
 */
public record Smote(int neighbours, List<String> classes, double ratio)
    implements FeatureAugmenter {
  /** How many rows a class may have whose every two rows are compared. */
  public static final int MAX_ROWS = 100_000;

  private static final int TASKS_PER_SLOT = 4;
  private static final Logger LOG = LoggerFactory.getLogger(Smote.class);

  public Smote {
    classes = List.copyOf(classes);
    List<String> problems = new ArrayList<>();
    if (neighbours < 1 || neighbours > 1_000) {
      problems.add("neighbours must be from 1 to 1000, got " + neighbours);
    }
    ResamplingPlan.check(classes, ratio, problems);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  @Override
  public boolean needsClasses() {
    return true;
  }

  @Override
  public Added add(TrainFeatures train, AugmentContext context) {
    ResamplingPlan plan = ResamplingPlan.plan(train, classes, ratio, context);
    checkSizes(plan.growing(), train.classes(), context);
    FeatureLayout layout = train.layout();
    Dataset<Row> bases =
        train.rows().filter(col(FeatureLayout.LABEL).isInCollection(plan.growing().keySet()));
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(train.rows().sparkSession().sparkContext());
    Broadcast<Map<Integer, Neighbours>> neighbourhoods =
        spark.broadcast(neighbourhoods(bases, layout));
    // By key, since a small class may well lie in one partition; by number, so that Spark does not
    // join what is small to read and long to compute.
    Dataset<Row> rows =
        bases
            .repartition(TASKS_PER_SLOT * spark.defaultParallelism(), col(FeatureLayout.KEY))
            .flatMap(
                new Interpolate(layout, context, plan, neighbours, neighbourhoods),
                Encoders.row(FeatureLayout.addedSchema(train.rows().schema())));
    return new Added(rows, plan.most());
  }

  private void checkSizes(Map<Integer, Long> growing, List<String> names, AugmentContext context) {
    List<String> problems = new ArrayList<>();
    growing.forEach(
        (label, rows) -> {
          String name = names.get(label);
          if (rows < 2) {
            problems.add(
                context.problem(
                    "needs at least 2 train rows of a class, class %s has %,d; use oversample for it"
                        .formatted(name, rows)));
          } else if (rows > MAX_ROWS) {
            problems.add(
                context.problem(
                    "compares at most %,d train rows of a class, class %s has %,d; use oversample for it"
                        .formatted(MAX_ROWS, name, rows)));
          } else if (rows <= neighbours) {
            LOG.warn(
                "class {} has {} train rows: smote takes {} neighbours instead of {}",
                name,
                rows,
                rows - 1,
                neighbours);
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  private static Map<Integer, Neighbours> neighbourhoods(Dataset<Row> bases, FeatureLayout layout) {
    int label = bases.schema().fieldIndex(FeatureLayout.LABEL);
    Map<Integer, List<Neighbours.Example>> examples = new TreeMap<>();
    bases
        .javaRDD()
        .map(
            row ->
                new Neighbours.Example(
                    layout.key(row), row.getInt(label), layout.floats(row), layout.indices(row)))
        .collect()
        .forEach(
            example ->
                examples.computeIfAbsent(example.label(), l -> new ArrayList<>()).add(example));
    Map<Integer, Neighbours> neighbourhoods = new HashMap<>();
    examples.forEach((l, own) -> neighbourhoods.put(l, new Neighbours(own)));
    return neighbourhoods;
  }

  private static final class Interpolate implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final FeatureLayout layout;
    private final AugmentContext context;
    private final ResamplingPlan plan;
    private final int neighbours;
    private final Broadcast<Map<Integer, Neighbours>> neighbourhoods;

    Interpolate(
        FeatureLayout layout,
        AugmentContext context,
        ResamplingPlan plan,
        int neighbours,
        Broadcast<Map<Integer, Neighbours>> neighbourhoods) {
      this.layout = layout;
      this.context = context;
      this.plan = plan;
      this.neighbours = neighbours;
      this.neighbourhoods = neighbourhoods;
    }

    @Override
    public Iterator<Row> call(Row row) {
      byte[] key = layout.key(row);
      int label = row.getInt(row.fieldIndex(FeatureLayout.LABEL));
      int copies = plan.of(label, key);
      Neighbours own = neighbourhoods.value().get(label);
      if (own == null || copies == 0) {
        return List.<Row>of().iterator();
      }
      int base = own.indexOf(key);
      int[] nearest = own.nearest(base, neighbours);
      int[] indices = majority(own, nearest);
      return IntStream.range(context.firstCopy(), context.firstCopy() + copies)
          .mapToObj(
              copy -> {
                SeededRandom random = context.random(key, copy);
                int neighbour = nearest[random.nextInt(nearest.length)];
                float[] floats =
                    between(own.floats(base), own.floats(neighbour), random.nextDouble());
                return layout.added(row, copy, floats, indices);
              })
          .iterator();
    }

    private static float[] between(float[] from, float[] to, double share) {
      float[] values = new float[from.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (from[i] + share * ((double) to[i] - from[i]));
      }
      return values;
    }

    /** Of each category index the most frequent value, the least of equally frequent ones. */
    private static int[] majority(Neighbours own, int[] nearest) {
      int[] result = new int[own.indices(nearest[0]).length];
      int[] values = new int[nearest.length];
      for (int i = 0; i < result.length; i++) {
        for (int n = 0; n < nearest.length; n++) {
          values[n] = own.indices(nearest[n])[i];
        }
        Arrays.sort(values);
        int longest = 0;
        for (int start = 0, end; start < values.length; start = end) {
          end = start + 1;
          while (end < values.length && values[end] == values[start]) {
            end++;
          }
          if (end - start > longest) {
            longest = end - start;
            result[i] = values[start];
          }
        }
      }
      return result;
    }
  }
}
