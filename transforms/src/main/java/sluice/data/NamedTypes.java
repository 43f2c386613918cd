package sluice.data;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The types of a family by their names: the one way in which rules, steps, networks and whatever
 * else a configuration or a file names by {@code type} are registered, a line each. Only what is
 * registered can be made. Immutable; names and types are one to one, in the order of registration.
 *
 * <p>An interface whose records are in JSON under these names says
 *
 * <pre>{@code
 * @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
 * @JsonTypeIdResolver(Rules.Names.class)
 * }</pre>
 *
 * where {@code Names} extends {@link Resolver} and hands its registry over.
 *
 * @param <T> the interface that all types of the family have
 */
public final class NamedTypes<T> {
  private final Class<T> family;
  private final Map<String, Class<? extends T>> types;
  private final List<String> problems;

  private NamedTypes(
      Class<T> family, Map<String, Class<? extends T>> types, List<String> problems) {
    this.family = family;
    this.types = Collections.unmodifiableMap(types);
    this.problems = List.copyOf(problems);
  }

  /** A registry without types. */
  public static <T> NamedTypes<T> of(Class<T> family) {
    return new NamedTypes<>(family, Map.of(), List.of());
  }

  /**
   * These types and one more.
   *
   * @throws IllegalArgumentException if the name or the type is registered
   */
  public NamedTypes<T> with(String name, Class<? extends T> type) {
    if (types.containsKey(name) || types.containsValue(type)) {
      throw new IllegalArgumentException(
          "%s %s is registered twice, as %s".formatted(family.getSimpleName(), name, type));
    }
    Map<String, Class<? extends T>> more = new LinkedHashMap<>(types);
    more.put(name, type);
    return new NamedTypes<>(family, more, problems);
  }

  /**
   * These types and those that jars beside this one add, see {@link Extension}. What does not fit
   * is left out, and told by {@link #problems}.
   */
  public NamedTypes<T> withExtensions() {
    return withExtensions(Extensions.onClassPath());
  }

  NamedTypes<T> withExtensions(Extensions extensions) {
    NamedTypes<T> all = this;
    List<String> unfit = new ArrayList<>(problems);
    for (Extensions.Added extension : extensions.all()) {
      for (NamedTypes<?> added : extension.types()) {
        if (!added.family.equals(family)) {
          continue;
        }
        for (Map.Entry<String, ? extends Class<?>> entry : added.types.entrySet()) {
          Class<? extends T> type = entry.getValue().asSubclass(family);
          Optional<String> problem = all.problem(entry.getKey(), type);
          if (problem.isPresent()) {
            unfit.add("extension %s: %s".formatted(extension.name(), problem.get()));
          } else {
            all = all.with(entry.getKey(), type);
          }
        }
      }
    }
    return new NamedTypes<>(family, all.types, unfit);
  }

  /** Why a type cannot be added; nothing if it can. */
  private Optional<String> problem(String name, Class<? extends T> type) {
    String called = family.getSimpleName() + " " + name;
    Class<? extends T> other = types.get(name);
    if (other != null) {
      return Optional.of(
          "%s must have a name of its own, is %s and %s"
              .formatted(called, other.getName(), type.getName()));
    }
    if (types.containsValue(type)) {
      return Optional.of(
          "%s must have one name, %s is %s already".formatted(called, type.getName(), name(type)));
    }
    return type.isRecord()
        ? Optional.empty()
        : Optional.of("%s must be a record, is %s".formatted(called, type.getName()));
  }

  /** Why types that extensions add are not among these: all problems, or none. */
  public List<String> problems() {
    return problems;
  }

  /** The interface that all types have. */
  public Class<T> family() {
    return family;
  }

  /** The types by name. */
  public Map<String, Class<? extends T>> types() {
    return types;
  }

  /** The names. */
  public Set<String> names() {
    return types.keySet();
  }

  /**
   * The name of a value's type.
   *
   * @throws IllegalStateException if it is not registered
   */
  public String name(T value) {
    return name(value.getClass());
  }

  private String name(Class<?> type) {
    return types.entrySet().stream()
        .filter(entry -> entry.getValue().equals(type))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(type + " is not registered"));
  }

  /** The names of a family in JSON. */
  public abstract static class Resolver extends TypeIdResolverBase {
    private final NamedTypes<?> types;

    protected Resolver(NamedTypes<?> types) {
      this.types = types;
    }

    @Override
    public String idFromValue(Object value) {
      return types.name(value.getClass());
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> type) {
      return types.name(type);
    }

    @Override
    public @Nullable JavaType typeFromId(DatabindContext context, String id) {
      Class<?> type = types.types().get(id);
      return type == null ? null : context.constructType(type);
    }

    @Override
    public String getDescForKnownTypeIds() {
      return new TreeSet<>(types.names()).toString();
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }
}
