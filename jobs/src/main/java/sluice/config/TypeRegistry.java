package sluice.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.NamedTypes;

/**
 * The families of typed entries, as in {@code { type = trim, columns = [job] }}: for each, the
 * types there are and the record that holds a type's parameters. Only what is named here can be
 * built from a configuration. Immutable.
 */
public final class TypeRegistry {

  /**
   * One family.
   *
   * @param name where {@code reference.conf} keeps the parameters: {@code types.<name>.<type>}
   * @param types the records by type
   * @param number the type, of one parameter, that a number alone stands for, if any
   * @param byName whether a type without parameters is shown by its name alone
   */
  record Family(
      String name, SortedMap<String, Class<?>> types, @Nullable String number, boolean byName) {}

  private final Map<Class<?>, Family> families;

  private TypeRegistry(Map<Class<?>, Family> families) {
    this.families = families;
  }

  public static TypeRegistry none() {
    return new TypeRegistry(Map.of());
  }

  /**
   * These families and one more.
   *
   * @param name the family's name in {@code reference.conf}, as in {@code rule}
   * @param types the record of each type; components of records are declared with their family
   */
  public TypeRegistry with(String name, NamedTypes<?> types) {
    return with(types.family(), new Family(name, new TreeMap<>(types.types()), null, false));
  }

  /**
   * These families and one more, whose types without parameters are shown by their names alone, as
   * what they are for most users: the value of a key.
   */
  public TypeRegistry withNames(String name, NamedTypes<?> types) {
    return with(types.family(), new Family(name, new TreeMap<>(types.types()), null, true));
  }

  /**
   * These families and one more, in which a number alone stands for a type too.
   *
   * @param number the type, whose only parameter the number is
   */
  public TypeRegistry with(String name, NamedTypes<?> types, String number) {
    return with(types.family(), new Family(name, new TreeMap<>(types.types()), number, false));
  }

  private TypeRegistry with(Class<?> declared, Family family) {
    family
        .types()
        .forEach(
            (type, record) -> {
              if (!record.isRecord() || !declared.isAssignableFrom(record)) {
                throw new IllegalArgumentException(
                    "%s %s is %s, must be a record of %s"
                        .formatted(family.name(), type, record, declared));
              }
            });
    Map<Class<?>, Family> more = new LinkedHashMap<>(families);
    more.put(declared, family);
    return new TypeRegistry(more);
  }

  /** The family whose interface this is. */
  Optional<Family> family(Class<?> declared) {
    return Optional.ofNullable(families.get(declared));
  }

  /** The type's name of a record that belongs to a family. */
  Optional<String> typeName(Class<?> record) {
    return families.values().stream()
        .flatMap(family -> family.types().entrySet().stream())
        .filter(type -> type.getValue().equals(record))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether a record is shown by its type's name alone. */
  boolean isShownByName(Class<?> record) {
    return record.getRecordComponents().length == 0
        && families.values().stream()
            .anyMatch(family -> family.byName() && family.types().containsValue(record));
  }

  /** Every family. */
  Iterable<Family> all() {
    return families.values();
  }
}
