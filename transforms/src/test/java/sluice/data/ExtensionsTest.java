package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.Test;

class ExtensionsTest {
  private interface Shape {}

  private record Circle(double radius) implements Shape {}

  private record Square(double side) implements Shape {}

  private record Star(int points) implements Shape {}

  private static final class Blot implements Shape {}

  private record Sound() {}

  private static final NamedTypes<Shape> SHAPES =
      NamedTypes.of(Shape.class).with("circle", Circle.class);

  private record Adding(List<NamedTypes<?>> types) implements Extension {}

  private static final class Failing implements Extension {
    @Override
    public List<NamedTypes<?>> types() {
      throw new IllegalStateException("out of order");
    }
  }

  private static NamedTypes<Shape> shapes(NamedTypes<?>... added) {
    Extension extension = new Adding(List.of(added));
    return SHAPES.withExtensions(Extensions.load(List.of(extension).iterator()));
  }

  @Test
  void typesOfTheFamilyAreAdded() {
    NamedTypes<Shape> shapes =
        shapes(
            NamedTypes.of(Sound.class).with("sound", Sound.class),
            NamedTypes.of(Shape.class).with("square", Square.class).with("star", Star.class));
    assertThat(shapes.names()).containsExactly("circle", "square", "star");
    assertThat(shapes.problems()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsLeftOutAndTold() {
    NamedTypes<Shape> shapes =
        shapes(
            NamedTypes.of(Shape.class).with("circle", Square.class),
            NamedTypes.of(Shape.class).with("disc", Circle.class),
            NamedTypes.of(Shape.class).with("blot", Blot.class),
            NamedTypes.of(Shape.class).with("star", Star.class));
    assertThat(shapes.types()).isEqualTo(SHAPES.with("star", Star.class).types());
    String name = ExtensionsTest.class.getName() + "$";
    assertThat(shapes.problems())
        .containsExactly(
            "extension %sAdding: Shape circle must have a name of its own, is %sCircle and %sSquare"
                .replace("%s", name),
            "extension %sAdding: Shape disc must have one name, %sCircle is circle already"
                .replace("%s", name),
            "extension %sAdding: Shape blot must be a record, is %sBlot".replace("%s", name));
  }

  @Test
  void anExtensionThatFailsIsToldAndOthersAreThere() {
    Extensions extensions =
        Extensions.load(List.of(new Failing(), new Adding(List.of(SHAPES))).iterator());
    assertThat(extensions.all())
        .extracting(Extensions.Added::types)
        .containsExactly(List.of(SHAPES));
    assertThat(extensions.problems())
        .containsExactly(
            "extension %s must say what it adds, and fails: java.lang.IllegalStateException: out of order"
                .formatted(Failing.class.getName()));
  }

  @Test
  void anExtensionThatCannotBeLoadedIsTold() {
    Iterator<Extension> broken =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Extension next() {
            throw new ServiceConfigurationError("Provider x.Y not found");
          }
        };
    assertThat(Extensions.load(broken).problems())
        .containsExactly(
            "extensions must be classes with a public constructor without arguments, and one cannot"
                + " be loaded: Provider x.Y not found");
  }
}
