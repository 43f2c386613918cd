package sluice.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.data.Extensions;
import sluice.data.NamedMetric;
import sluice.data.Task;

class MetricRegistryTest {
  /** A metric of one kind. */
  private static class Size extends Metric<Integer> {
    Size(String name) {
      super(name, name, Direction.HIGHER, Unit.NONE);
    }

    @Override
    public Set<Task> tasks() {
      return EnumSet.of(Task.BINARY);
    }

    @Override
    public String explanation(Subject subject) {
      return name();
    }

    @Override
    public double value(Integer counted) {
      return counted;
    }
  }

  private static final class OtherSize extends Size {
    OtherSize(String name) {
      super(name);
    }
  }

  private static List<String> names(MetricRegistry<Size> registry) {
    return registry.metrics().stream().map(Metric::name).toList();
  }

  @Test
  void addedMetricsFollowByNameAndOneWhoseNameIsTakenIsTold() {
    NamedMetric ofNoKind = () -> "height";
    Extensions extensions =
        new Extensions(
            List.of(
                new Extensions.Added(
                    Size.class, List.of(), List.of(new Size("width"), ofNoKind), ""),
                new Extensions.Added(
                    OtherSize.class,
                    List.of(),
                    List.of(new Size("depth"), new OtherSize("mass")),
                    "")),
            List.of());
    MetricRegistry<Size> registry =
        MetricRegistry.withExtensions(
            Size.class, List.of(new Size("mass"), new Size("area")), extensions);
    assertThat(names(registry)).containsExactly("mass", "area", "depth", "width");
    assertThat(registry.problems())
        .containsExactly(
            "extension %2$s: metric mass must have a name of its own, is %1$s and %2$s"
                .formatted(Size.class.getName(), OtherSize.class.getName()));
  }
}
