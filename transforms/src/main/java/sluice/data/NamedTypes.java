package sluice.data;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names of types in JSON from an explicit registry. An interface with several records says
 *
 * <pre>{@code
 * @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
 * @JsonTypeIdResolver(Rules.Names.class)
 * }</pre>
 *
 * where {@code Names} extends this class and hands its registry over.
 */
public abstract class NamedTypes extends TypeIdResolverBase {
  private final Map<String, ? extends Class<?>> types;
  private final Map<Class<?>, String> names;

  /**
   * Types by their names.
   *
   * @param types one to one
   */
  protected NamedTypes(Map<String, ? extends Class<?>> types) {
    this.types = types;
    this.names =
        types.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
  }

  @Override
  public String idFromValue(Object value) {
    return idFromValueAndType(value, value.getClass());
  }

  @Override
  public String idFromValueAndType(Object value, Class<?> type) {
    String name = names.get(type);
    if (name == null) {
      throw new IllegalStateException(type + " is not registered");
    }
    return name;
  }

  @Override
  public @Nullable JavaType typeFromId(DatabindContext context, String id) {
    Class<?> type = types.get(id);
    return type == null ? null : context.constructType(type);
  }

  @Override
  public String getDescForKnownTypeIds() {
    return new TreeSet<>(types.keySet()).toString();
  }

  @Override
  public JsonTypeInfo.Id getMechanism() {
    return JsonTypeInfo.Id.CUSTOM;
  }
}
