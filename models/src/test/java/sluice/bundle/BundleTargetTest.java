package sluice.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.network.Target;
import sluice.normalise.FittedColumn;
import sluice.normalise.FittedGroup;
import sluice.normalise.FittedLabel;
import sluice.normalise.FittedPreprocessing;
import sluice.normalise.Kind;
import sluice.normalise.NumberLabel;

final class BundleTargetTest {
  private static ModelBundle predicting(String... columns) {
    return Bundles.ofZeros(
        new FittedPreprocessing(
            new DatasetContract(List.of(new Field("x", FieldType.DOUBLE))),
            List.of(
                new FittedGroup(
                    "g", List.of(new FittedColumn("x", FieldType.DOUBLE, Kind.NUMBER, List.of())))),
            Stream.of(columns)
                .<FittedLabel>map(column -> new NumberLabel(column, FieldType.DOUBLE, 0, 1))
                .toList()),
        2,
        Stream.of(columns).map(column -> Target.number().named(column)).toList());
  }

  /** The label of the other bundle that is taken for each of one. */
  private static List<String> counterparts(ModelBundle bundle, ModelBundle other) {
    return bundle.targets().stream()
        .map(
            target ->
                target.counterpart(other).map(found -> found.fitted().column()).orElse("none"))
        .toList();
  }

  @Test
  void aLabelAmongSeveralIsThatOfItsColumn() {
    assertThat(counterparts(predicting("price", "area"), predicting("price")))
        .containsExactly("price", "none");
    assertThat(counterparts(predicting("area"), predicting("price", "area")))
        .containsExactly("area");
    assertThat(counterparts(predicting("rent"), predicting("price", "area")))
        .containsExactly("none");
  }

  @Test
  void theOnlyLabelMayBeCalledOtherwise() {
    assertThat(counterparts(predicting("price"), predicting("cost"))).containsExactly("cost");
  }
}
