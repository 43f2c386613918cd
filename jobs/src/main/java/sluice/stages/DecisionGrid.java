package sluice.stages;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BundleTarget;
import sluice.bundle.FeaturesPredictor;
import sluice.bundle.ModelBundle;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.RawRecord;
import sluice.data.RowKey;
import sluice.jobs.JobContext;
import sluice.normalise.ClassLabel;
import sluice.normalise.Features;
import sluice.normalise.Kind;
import sluice.report.DecisionSurface;
import sluice.run.Stage;
import sluice.split.Part;
import sluice.split.Split;

/** What a binary network of two columns of numbers says everywhere between its train rows. */
final class DecisionGrid {
  private static final int PLACES = 61;
  private static final int MOST_SAMPLES = 500;
  private static final double MARGIN = 0.1;

  private DecisionGrid() {}

  /** The surface; empty if the network is another, or gives no answer somewhere on the grid. */
  static Optional<DecisionSurface> of(JobContext context, BundleTarget target) {
    ModelBundle bundle = target.bundle();
    List<Field> inputs = bundle.preprocessing().input().fields();
    boolean numbers =
        inputs.stream().allMatch(field -> field.type().isNumber())
            && bundle.preprocessing().features().stream()
                .flatMap(group -> group.columns().stream())
                .allMatch(column -> column.entry() == Kind.NUMBER);
    if (inputs.size() != 2
        || !numbers
        || !(target.fitted() instanceof ClassLabel label)
        || label.positive() == null) {
      return Optional.empty();
    }
    String x = inputs.get(0).name();
    String y = inputs.get(1).name();
    Dataset<Row> train =
        Split.rows(context.read(Stage.SPLIT), context.config().split(), Part.TRAIN)
            .select(
                col(DatasetContract.KEY).as("key"),
                Columns.named(x).cast("double").as("x"),
                Columns.named(y).cast("double").as("y"),
                Columns.named(label.column()).as("label"))
            .filter(col("label").isNotNull())
            // NaN is greater than any number in Spark.
            .filter(abs(col("x")).leq(Double.MAX_VALUE).and(abs(col("y")).leq(Double.MAX_VALUE)));
    Row range = train.agg(min("x"), max("x"), min("y"), max("y")).first();
    if (range.isNullAt(0)) {
      return Optional.empty();
    }
    Network network = new Network(target, label, x, y);
    List<Row> rows =
        train
            .orderBy(
                RowKey.seededHash(
                    context.config().pipeline().seed(), "surface", RowKey.content(col("key"))),
                col("key"))
            .limit(MOST_SAMPLES)
            .collectAsList();
    // A margin lets the outermost rows stand inside, but steps such as log1p may end at them.
    return network.surface(range, MARGIN, rows).or(() -> network.surface(range, 0, rows));
  }

  private record Place(double x, double y) {}

  private record Network(BundleTarget target, ClassLabel label, String xName, String yName) {

    Optional<DecisionSurface> surface(Row range, double margin, List<Row> rows) {
      List<Double> xs = places(range.getDouble(0), range.getDouble(1), margin);
      List<Double> ys = places(range.getDouble(2), range.getDouble(3), margin);
      List<Place> grid = ys.stream().flatMap(y -> xs.stream().map(x -> new Place(x, y))).toList();
      return probabilities(grid)
          .flatMap(
              answers ->
                  samples(rows)
                      .map(
                          samples ->
                              new DecisionSurface(
                                  xName,
                                  yName,
                                  xs,
                                  ys,
                                  IntStream.range(0, PLACES)
                                      .mapToObj(i -> answers.subList(i * PLACES, (i + 1) * PLACES))
                                      .toList(),
                                  label.classes().get(1 - positive()),
                                  label.classes().get(positive()),
                                  samples)));
    }

    private Optional<List<DecisionSurface.Sample>> samples(List<Row> rows) {
      List<Place> places =
          rows.stream().map(row -> new Place(row.getDouble(1), row.getDouble(2))).toList();
      return probabilities(places)
          .map(
              answers ->
                  IntStream.range(0, places.size())
                      .mapToObj(
                          i ->
                              new DecisionSurface.Sample(
                                  places.get(i).x(),
                                  places.get(i).y(),
                                  String.valueOf(ClassLabel.name(rows.get(i).get(3))),
                                  answers.get(i)))
                      .toList());
    }

    private int positive() {
      return label.classes().indexOf(label.positive());
    }

    /** Of the positive class at each place; empty if one gives no example. */
    private Optional<List<Double>> probabilities(List<Place> places) {
      List<Features> examples = new ArrayList<>();
      for (Place place : places) {
        RawRecord record = RawRecord.of(Map.of(xName, place.x(), yName, place.y()));
        if (!(target.bundle().preprocessing().apply(record) instanceof Features features)) {
          return Optional.empty();
        }
        examples.add(features);
      }
      List<Double> answers = new ArrayList<>();
      for (float[] outputs :
          new FeaturesPredictor(target.bundle()).predict(examples)[target.index()]) {
        answers.add((double) outputs[positive()]);
      }
      return Optional.of(answers);
    }

    private static List<Double> places(double least, double greatest, double margin) {
      double around = greatest > least ? margin * (greatest - least) : 0.5;
      double low = least - around;
      double step = (greatest + around - low) / (PLACES - 1);
      return IntStream.range(0, PLACES).mapToObj(i -> low + i * step).toList();
    }
  }
}
