package sluice.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The families of typed entries, as in {@code { type = trim, columns = [job] }}: for each, the
 * types there are and the record that holds a type's parameters. Only what is named here can be
 * built from a configuration. Immutable.
 */
public final class Families {

  /**
   * One family.
   *
   * @param name where {@code reference.conf} keeps the parameters: {@code types.<name>.<type>}
   * @param types the records by type
   */
  record Family(String name, SortedMap<String, Class<?>> types) {}

  private final Map<Class<?>, Family> families;

  private Families(Map<Class<?>, Family> families) {
    this.families = families;
  }

  public static Families none() {
    return new Families(Map.of());
  }

  /**
   * These families and one more.
   *
   * @param name the family's name in {@code reference.conf}, as in {@code rule}
   * @param family the interface that the components of records are declared with
   * @param types the record of each type, by the type's name in a configuration
   */
  public Families with(String name, Class<?> family, Map<String, ? extends Class<?>> types) {
    types.forEach(
        (type, record) -> {
          if (!record.isRecord() || !family.isAssignableFrom(record)) {
            throw new IllegalArgumentException(
                "%s %s is %s, must be a record of %s".formatted(name, type, record, family));
          }
        });
    Map<Class<?>, Family> more = new LinkedHashMap<>(families);
    more.put(family, new Family(name, new TreeMap<>(types)));
    return new Families(more);
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

  /** Every family. */
  Iterable<Family> all() {
    return families.values();
  }
}
