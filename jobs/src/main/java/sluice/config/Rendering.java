package sluice.config;

import com.typesafe.config.ConfigUtil;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;

/**
 * A record of settings as paths and values, {@code train.epochs} and {@code 20}: what was said and
 * every default, in the order of the components. Two records have the same rendering exactly if
 * they are equal.
 */
final class Rendering {
  private final TypeRegistry families;
  private final Predicate<String> freeKeys;
  private final Map<String, String> values = new LinkedHashMap<>();

  private Rendering(TypeRegistry families, Predicate<String> freeKeys) {
    this.families = families;
    this.freeKeys = freeKeys;
  }

  /**
   * @param freeKeys which keys of free-form objects to render
   */
  static Map<String, String> of(
      @Nullable Object value, TypeRegistry families, Predicate<String> freeKeys) {
    Rendering rendering = new Rendering(families, freeKeys);
    rendering.add("", value);
    return rendering.values;
  }

  private void add(String path, @Nullable Object value) {
    if (value instanceof Record record) {
      addRecord(path, record);
    } else if (value instanceof List<?> list) {
      addList(path, list);
    } else if (value instanceof Map<?, ?> map) {
      if (map.isEmpty()) {
        values.put(path, "{}");
      }
      // A copied map has an order of its own in every process.
      map.entrySet().stream()
          .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
          .filter(entry -> freeKeys.test(entry.getKey().toString()))
          .forEach(entry -> add(Names.path(path, entry.getKey().toString()), entry.getValue()));
    } else {
      values.put(path, scalar(value));
    }
  }

  private void addRecord(String path, Record record) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    String typePath = families.isShownByName(record.getClass()) ? path : Names.path(path, "type");
    families
        .typeName(record.getClass())
        .ifPresent(type -> values.put(typePath, ConfigUtil.quoteString(type)));
    for (RecordComponent component : components) {
      @Nullable Object value = read(component, record);
      boolean auto = value == null && component.isAnnotationPresent(Auto.class);
      add(Names.path(path, Names.kebab(component.getName())), auto ? Auto.TEXT : value);
    }
  }

  private void addList(String path, List<?> list) {
    if (list.stream().anyMatch(Record.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        add(path + "[" + i + "]", list.get(i));
      }
    } else {
      values.put(path, list.stream().map(Rendering::scalar).toList().toString());
    }
  }

  private static String scalar(@Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      return ConfigUtil.quoteString(Names.kebab(constant));
    }
    return value instanceof String text ? ConfigUtil.quoteString(text) : String.valueOf(value);
  }

  private static @Nullable Object read(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
