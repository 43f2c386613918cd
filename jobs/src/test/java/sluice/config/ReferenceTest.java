package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The reference and the records say the same, key by key. */
final class ReferenceTest {

  @Test
  void everyComponentIsADocumentedKeyAndEveryKeyAComponent() {
    assertThat(differences(PipelineConfig.class, PipelineConfig.FAMILIES, ConfigReader.reference()))
        .isEmpty();
  }

  @Test
  void theReferenceOfTheKitchenIsWhole() {
    assertThat(kitchenDifferences(Kitchen.REFERENCE)).isEmpty();
  }

  @Test
  void aDifferenceIsFound() {
    assertThat(
            kitchenDifferences(
                Kitchen.REFERENCE
                    .replace("seed = 42", "sede = 42")
                    .replace("# How many eat.", "")
                    .replace("# Beats.", "")
                    .replace("pressure = 1", "pressure = 1, hue = blue")))
        .containsExactly(
            "no comment: types.tool.whisk",
            "no comment: within.dishes.portions",
            "no component: sede",
            "no component: types.heat.gas.hue",
            "no key: seed");
  }

  private static List<String> kitchenDifferences(String reference) {
    return differences(Kitchen.class, Kitchen.FAMILIES, ConfigReader.parseReference(reference));
  }

  private static List<String> differences(
      Class<?> root, TypeRegistry families, ConfigObject reference) {
    Keys keys = new Keys(families, reference);
    keys.record("", root, reference.withoutKey(Binder.TYPES).withoutKey(Binder.WITHIN));
    for (TypeRegistry.Family family : families.all()) {
      family
          .types()
          .forEach(
              (type, record) -> {
                String path = Binder.TYPES + "." + family.name() + "." + type;
                keys.expected.put(path, true);
                keys.record(path, record, keys.object(path));
              });
    }
    return keys.differences();
  }

  /** The keys that the records ask for, against those that the reference has. */
  private static final class Keys {
    private final TypeRegistry families;
    private final ConfigObject reference;
    private final Map<String, Boolean> expected = new TreeMap<>();

    Keys(TypeRegistry families, ConfigObject reference) {
      this.families = families;
      this.reference = reference;
    }

    void record(String path, Class<?> record, @Nullable ConfigObject documented) {
      for (RecordComponent component : record.getRecordComponents()) {
        String key = Names.kebab(component.getName());
        String below = path.isEmpty() ? key : path + "." + key;
        expected.put(below, true);
        Type type = component.getGenericType();
        Class<?> raw = raw(type);
        @Nullable Class<?> named = namedRecord(type);
        if (named != null) {
          String where = Binder.WITHIN + "." + below;
          record(where, named, object(where));
        } else if (raw == Map.class) {
          if (!(type instanceof ParameterizedType generic
              && generic.getActualTypeArguments()[1] instanceof Class<?> of
              && families.family(of).isPresent())) {
            expected.put(below, false);
          }
        } else if (raw.isRecord() && families.family(raw).isEmpty()) {
          @Nullable ConfigValue own = documented == null ? null : documented.get(key);
          boolean inPlace = own != null && own.valueType() == ConfigValueType.OBJECT;
          String where =
              type instanceof ParameterizedType || !inPlace ? Binder.WITHIN + "." + below : below;
          record(where, raw, object(where));
        }
      }
    }

    /** The record of the entries that a user names, if a component holds such. */
    private @Nullable Class<?> namedRecord(Type type) {
      return type instanceof ParameterizedType generic
              && generic.getRawType() == Map.class
              && generic.getActualTypeArguments()[1] instanceof Class<?> of
              && of.isRecord()
          ? of
          : null;
    }

    /** The class of a value or of a list's elements. */
    private static Class<?> raw(Type type) {
      Type own =
          type instanceof ParameterizedType generic && generic.getRawType() == List.class
              ? generic.getActualTypeArguments()[0]
              : type;
      return (Class<?>) (own instanceof ParameterizedType generic ? generic.getRawType() : own);
    }

    @Nullable ConfigObject object(String path) {
      ConfigValue found = reference;
      for (String key : path.split("\\.", -1)) {
        found = found instanceof ConfigObject object ? object.get(key) : null;
      }
      return found instanceof ConfigObject object ? object : null;
    }

    List<String> differences() {
      SortedSet<String> found = new TreeSet<>();
      Map<String, Boolean> documented = new TreeMap<>();
      collect("", reference, documented);
      documented.forEach(
          (path, hasComment) -> {
            if (!expected.containsKey(path)) {
              if (leads(path)) {
                return;
              }
              found.add("no component: " + path);
            } else if (!hasComment) {
              found.add("no comment: " + path);
            }
          });
      expected.keySet().stream()
          .filter(path -> !documented.containsKey(path))
          .forEach(path -> found.add("no key: " + path));
      return new ArrayList<>(found);
    }

    /** Whether a path only leads to others, as {@code types.rule} does. */
    private boolean leads(String path) {
      return path.equals(Binder.TYPES)
          || path.equals(Binder.WITHIN)
          || expected.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
    }

    private void collect(String prefix, ConfigObject object, Map<String, Boolean> documented) {
      object.forEach(
          (key, value) -> {
            String path = prefix.isEmpty() ? key : prefix + "." + key;
            documented.put(path, !value.origin().comments().isEmpty());
            boolean freeForm = expected.containsKey(path) && !expected.get(path);
            if (value instanceof ConfigObject below && !freeForm) {
              collect(path, below, documented);
            }
          });
    }
  }
}
