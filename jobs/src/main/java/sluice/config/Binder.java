package sluice.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.InvalidInput;
import sluice.data.ShortForm;

/**
 * Builds records from what a configuration says and, where it says nothing, from the reference. A
 * problem is noted and the work goes on, with the default in place of the value at fault, so that
 * one run finds as many problems as there are.
 */
final class Binder {
  /** Where the reference keeps the parameters of typed entries, by family and type. */
  static final String TYPES = "types";

  /** Where it keeps the keys of objects that have no default, by the path of their list or key. */
  static final String WITHIN = "within";

  private static final String ONE_OF = "one of ";
  private static final String TYPE = "type";
  private static final ConfigObject EMPTY = ConfigFactory.empty().root();
  private static final Pattern SUBJECT =
      Pattern.compile("^([A-Za-z0-9\\-._\\[\\]\"]+)(.*)$", Pattern.DOTALL);

  /** What became of a value: the value, which may be null, or a problem that has been noted. */
  private record Bound(boolean valid, @Nullable Object value) {
    static final Bound INVALID = new Bound(false, null);

    static Bound of(@Nullable Object value) {
      return new Bound(true, value);
    }
  }

  /**
   * A place in the configuration.
   *
   * @param path the keys that lead there, as the user writes them
   * @param reference the keys that lead to its default in the reference
   * @param around file and line of the object around it, for what is not there
   * @param auto whether {@code auto} may stand for the value
   */
  private record Site(String path, List<String> reference, String around, boolean auto) {
    Site(String path, List<String> reference, String around) {
      this(path, reference, around, false);
    }

    /** The same place, where {@code auto} may stand for the value. */
    Site orAuto() {
      return new Site(path, reference, around, true);
    }

    Site key(String key) {
      List<String> below = new ArrayList<>(reference);
      below.add(key);
      return new Site(Names.path(path, key), below, around);
    }

    Site element(int index) {
      return new Site(path + "[" + index + "]", reference, around);
    }

    Site from(List<String> defaults, String place) {
      return new Site(path, defaults, place);
    }
  }

  private final TypeRegistry families;
  private final ConfigObject reference;
  private final Problems problems;
  private final Map<String, String> places = new HashMap<>();
  private final SortedSet<String> secrets = new TreeSet<>();
  private final Set<String> secretTexts = new HashSet<>();

  Binder(TypeRegistry families, ConfigObject reference, Problems problems) {
    this.families = families;
    this.reference = reference;
    this.problems = problems;
  }

  /** The record of a whole configuration; nothing if there are problems. */
  <T> Optional<T> bind(Class<T> type, ConfigObject given) {
    ConfigObject defaults = reference.withoutKey(TYPES).withoutKey(WITHIN);
    return Optional.ofNullable(type.cast(record(type, given, defaults, root()).value()));
  }

  /** Notes problems between sections, each at the key whose path it begins with. */
  void locate(List<String> misfits) {
    misfits.forEach(problem -> located(problem, Set.of(), root()));
  }

  private Site root() {
    return new Site("", List.of(), problems.file());
  }

  /** The paths of values that came from the environment. */
  SortedSet<String> secrets() {
    return secrets;
  }

  /** The secrets among the values of free-form objects, where passwords and keys are handed on. */
  Set<String> secretTexts() {
    return secretTexts;
  }

  private Bound record(Class<?> type, ConfigObject given, ConfigObject defaults, Site site) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys =
        Arrays.stream(components).map(component -> Names.kebab(component.getName())).toList();
    int before = problems.count();
    Set<String> misspelt = unknownKeys(given, keys, site);
    @Nullable Object[] arguments = new Object[components.length];
    Set<String> faulty = new HashSet<>();
    boolean complete = true;
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      Site place = site.key(keys.get(i));
      @Nullable ConfigValue value = given.get(keys.get(i));
      ConfigValue fallback = defaults.get(keys.get(i));
      if (fallback == null) {
        throw new IllegalStateException("the reference has no key " + place.reference());
      }
      places.put(place.path(), value == null ? site.around() : problems.place(value.origin()));
      int noted = problems.count();
      Bound bound = value(component, value, fallback, place);
      if (value == null && misspelt.contains(keys.get(i))) {
        // It is there under another name, which was told.
        faulty.add(keys.get(i));
        problems.forgetAfter(noted);
      } else if (!bound.valid()) {
        faulty.add(keys.get(i));
        noted = problems.count();
        bound = value(component, null, fallback, place);
        problems.forgetAfter(noted);
      }
      complete &= bound.valid();
      arguments[i] = bound.value();
    }
    if (!complete) {
      return Bound.INVALID;
    }
    Bound made = construct(type, components, arguments, faulty, site);
    return problems.count() > before ? Bound.INVALID : made;
  }

  /** Notes the keys that are none, and tells which were meant. */
  private Set<String> unknownKeys(ConfigObject given, List<String> keys, Site site) {
    Set<String> meant = new HashSet<>();
    new TreeMap<>(given)
        .forEach(
            (key, value) -> {
              if (!keys.contains(key)) {
                Optional<String> near = Names.nearest(key, keys);
                near.ifPresent(meant::add);
                problems.add(
                    problems.place(value.origin()),
                    "%s is not a key%s"
                        .formatted(
                            Names.path(site.path(), key),
                            near.map(
                                    name -> "; did you mean " + Names.path(site.path(), name) + "?")
                                .orElse(
                                    keys.isEmpty()
                                        ? ", there are none here"
                                        : ", must be one of " + String.join(", ", keys))));
              }
            });
    return meant;
  }

  private Bound construct(
      Class<?> type,
      RecordComponent[] components,
      @Nullable Object[] arguments,
      Set<String> faulty,
      Site site) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return Bound.of(constructor.newInstance(arguments));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidInput invalid) {
        String prefix = families.typeName(type).map(name -> name + ": ").orElse("");
        for (String problem : invalid.problems()) {
          // A step tells its type, for those who build it without a file.
          boolean tellsType = !prefix.isEmpty() && problem.startsWith(prefix);
          located(tellsType ? problem.substring(prefix.length()) : problem, faulty, site);
        }
        return Bound.INVALID;
      }
      throw new IllegalStateException("cannot build " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot build " + type.getName(), e);
    }
  }

  /** Notes what a constructor found, at the key that the message begins with. */
  private void located(String problem, Set<String> faulty, Site site) {
    Matcher subject = SUBJECT.matcher(problem);
    if (subject.matches()) {
      String name = subject.group(1);
      if (faulty.contains(name.replaceAll("[.\\[].*", ""))) {
        return;
      }
      String path = site.path().isEmpty() ? name : site.path() + "." + name;
      for (String known = path; !known.equals(site.path()); known = parent(known)) {
        String place = places.get(known);
        if (place != null) {
          problems.add(place, path + subject.group(2));
          return;
        }
      }
    }
    problems.add(site.around(), site.path().isEmpty() ? problem : site.path() + ": " + problem);
  }

  private static String parent(String path) {
    int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return path.substring(0, Math.max(end, 0));
  }

  private Bound value(
      RecordComponent component, @Nullable ConfigValue given, ConfigValue fallback, Site site) {
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    if (given == null && fallback.valueType() == ConfigValueType.NULL && !nullable) {
      Class<?> raw = component.getType();
      if (raw.isRecord() && !raw.isAnnotationPresent(ShortForm.class)) {
        return nested(raw, EMPTY, fallback, site);
      }
      problems.add(site.around(), site.path() + " must be given");
      return Bound.INVALID;
    }
    ConfigValue value = given == null ? fallback : given;
    if (component.isAnnotationPresent(Auto.class)) {
      return orAuto(component, given, fallback, site);
    }
    if (value.valueType() == ConfigValueType.NULL && nullable) {
      return Bound.of(null);
    }
    return value(component.getGenericType(), given, fallback, site);
  }

  /** A value, or null for {@code auto}, which every message about another value offers. */
  private Bound orAuto(
      RecordComponent component, @Nullable ConfigValue given, ConfigValue fallback, Site site) {
    if (isAuto(given == null ? fallback : given)) {
      return Bound.of(null);
    }
    return value(
        component.getGenericType(), given, isAuto(fallback) ? null : fallback, site.orAuto());
  }

  private static boolean isAuto(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING && text(value).equals(Auto.TEXT);
  }

  /** A value that is there, or its default; never null. */
  private Bound value(
      Type type, @Nullable ConfigValue given, @Nullable ConfigValue fallback, Site site) {
    ConfigValue value = given == null ? fallback : given;
    if (value == null) {
      throw new IllegalStateException("nothing to bind at " + site.path());
    }
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == List.class) {
        return list(generic.getActualTypeArguments()[0], value, site);
      }
      if (generic.getRawType() == Map.class) {
        Type entry = generic.getActualTypeArguments()[1];
        return entry instanceof Class<?> of && (of.isRecord() || families.family(of).isPresent())
            ? entries(of, value, site)
            : map(entry, given, fallback, site);
      }
    }
    if (!(type instanceof Class<?> plain)) {
      throw new IllegalStateException("cannot bind " + type + " at " + site.path());
    }
    Optional<TypeRegistry.Family> family = families.family(plain);
    if (family.isPresent()) {
      return entry(family.get(), given, fallback, site);
    }
    if (plain.isRecord()) {
      if (value instanceof ConfigObject object) {
        return nested(plain, given == null ? EMPTY : object, fallback, site);
      }
      @Nullable ShortForm shortForm = plain.getAnnotation(ShortForm.class);
      return shortForm == null
          ? wrong(value, "an object { ... }", site)
          : nested(plain, ofOneKey(shortForm.value(), value), fallback, site);
    }
    return scalar(plain, value, site);
  }

  /** The object that a value stands for, at its place. */
  private static ConfigObject ofOneKey(String key, ConfigValue value) {
    return EMPTY.withOrigin(value.origin()).withValue(key, value);
  }

  /** A record within a record; its defaults stand in its place or, if that is empty, apart. */
  private Bound nested(
      Class<?> type, ConfigObject given, @Nullable ConfigValue fallback, Site site) {
    String around = given == EMPTY ? site.around() : problems.place(given.origin());
    if (fallback instanceof ConfigObject defaults) {
      return record(type, given, defaults, site.from(site.reference(), around));
    }
    List<String> apart = new ArrayList<>(List.of(WITHIN));
    apart.addAll(site.reference());
    return record(type, given, defaults(apart), site.from(apart, around));
  }

  /**
   * One of a family: {@code { type = ..., parameters }}, or the type's name alone; or a number,
   * where the family has a type for that.
   */
  private Bound entry(
      TypeRegistry.Family family,
      @Nullable ConfigValue given,
      @Nullable ConfigValue fallback,
      Site site) {
    ConfigValue value = given == null ? fallback : given;
    if (value == null) {
      throw new IllegalStateException("nothing to bind at " + site.path());
    }
    ConfigValue name = value;
    ConfigObject parameters = EMPTY;
    Site nameSite = site;
    if (value instanceof ConfigObject object) {
      nameSite = site.key(TYPE);
      parameters = object.withoutKey(TYPE);
      ConfigValue said = object.get(TYPE);
      name = said == null && fallback != null ? fallback : said;
      if (name == null || name.valueType() == ConfigValueType.NULL) {
        problems.add(problems.place(value.origin()), nameSite.path() + " must be given");
        return Bound.INVALID;
      }
    }
    if (family.number() != null && isNumber(value)) {
      return ofNumber(family, family.number(), value, site);
    }
    Collection<String> types = family.types().keySet();
    if (name.valueType() != ConfigValueType.STRING || !types.contains(text(name))) {
      boolean orNumber = family.number() != null && nameSite.equals(site);
      return wrongName(name, orNumber ? "a number or one of " : ONE_OF, types, nameSite);
    }
    String type = text(name);
    List<String> apart = List.of(TYPES, family.name(), type);
    Class<?> record = family.types().get(type);
    if (record == null) {
      throw new IllegalStateException("no record of the type " + type);
    }
    String around = given == null ? site.around() : problems.place(value.origin());
    return record(record, parameters, defaults(apart), site.from(apart, around));
  }

  private static boolean isNumber(ConfigValue value) {
    return !(value instanceof ConfigObject)
        && !(value instanceof ConfigList)
        && value.valueType() != ConfigValueType.NULL
        && text(value).matches("-?[0-9.]+");
  }

  /** The type of a family that a number stands for, with the number as its parameter. */
  private Bound ofNumber(TypeRegistry.Family family, String type, ConfigValue number, Site site) {
    Class<?> record = family.types().get(type);
    if (record == null) {
      throw new IllegalStateException("no record of the type " + type);
    }
    String key = Names.kebab(record.getRecordComponents()[0].getName());
    List<String> apart = List.of(TYPES, family.name(), type);
    return record(
        record,
        EMPTY.withValue(key, number),
        defaults(apart),
        site.from(apart, problems.place(number.origin())));
  }

  private ConfigObject defaults(List<String> path) {
    ConfigValue found = reference;
    for (String key : path) {
      found = found instanceof ConfigObject object ? object.get(key) : null;
    }
    if (found instanceof ConfigObject object) {
      return object;
    }
    throw new IllegalStateException("the reference has no object " + ConfigUtil.joinPath(path));
  }

  /** A list; a single value stands for a list of one. */
  private Bound list(Type element, ConfigValue value, Site site) {
    List<? extends ConfigValue> values =
        value instanceof ConfigList several ? several : List.of(value);
    boolean valid = true;
    List<Object> bound = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Site place = value instanceof ConfigList ? site.element(i) : site;
      ConfigValue each = values.get(i);
      places.put(place.path(), problems.place(each.origin()));
      Bound one = value(element, each, null, place);
      valid &= one.valid();
      if (one.value() != null) {
        bound.add(one.value());
      }
    }
    return valid ? Bound.of(List.copyOf(bound)) : Bound.INVALID;
  }

  /** Entries by names that the user chooses. */
  private Bound entries(Class<?> type, ConfigValue value, Site site) {
    if (!(value instanceof ConfigObject object)) {
      return wrong(value, "an object { ... }", site);
    }
    boolean valid = true;
    Map<String, Object> bound = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> each : new TreeMap<>(object).entrySet()) {
      Site place =
          new Site(Names.path(site.path(), each.getKey()), site.reference(), site.around());
      places.put(place.path(), problems.place(each.getValue().origin()));
      Bound one = value(type, each.getValue(), null, place);
      valid &= one.valid();
      if (one.value() != null) {
        bound.put(each.getKey(), one.value());
      }
    }
    return valid ? Bound.of(java.util.Collections.unmodifiableMap(bound)) : Bound.INVALID;
  }

  /** A free-form object: its values by dotted path, those of the reference below those given. */
  private Bound map(
      Type type, @Nullable ConfigValue given, @Nullable ConfigValue fallback, Site site) {
    Map<String, ConfigValue> leaves = new LinkedHashMap<>();
    int before = problems.count();
    for (ConfigValue layer : Arrays.asList(fallback, given)) {
      if (layer instanceof ConfigObject object) {
        Map<String, ConfigValue> own = new TreeMap<>();
        flatten("", object, own, site);
        leaves.putAll(own);
      } else if (layer != null && layer == given) {
        return wrong(layer, "an object { ... }", site);
      }
    }
    Map<String, Object> bound = new TreeMap<>();
    leaves.forEach(
        (key, value) -> {
          if (value.valueType() == ConfigValueType.NULL) {
            return;
          }
          Site place = new Site(site.path() + "." + key, site.reference(), site.around());
          places.put(place.path(), problems.place(value.origin()));
          Object one = value(type, value, null, place).value();
          if (one != null) {
            bound.put(key, one);
            boolean hidden = Secrets.fromEnvironment(value.origin());
            if (hidden) {
              secrets.add(Names.path(site.path(), key));
            }
            if (hidden || Secrets.named(key)) {
              secretTexts.add(one.toString());
            }
          }
        });
    return problems.count() > before
        ? Bound.INVALID
        : Bound.of(java.util.Collections.unmodifiableMap(bound));
  }

  private void flatten(
      String prefix, ConfigObject object, Map<String, ConfigValue> leaves, Site site) {
    new TreeMap<>(object)
        .forEach(
            (key, value) -> {
              String path = prefix.isEmpty() ? key : prefix + "." + key;
              if (value instanceof ConfigObject nested) {
                flatten(path, nested, leaves, site);
                return;
              }
              ConfigValue twin = leaves.get(path);
              if (twin == null || Overrides.made(value)) {
                leaves.put(path, value);
              } else if (!Overrides.made(twin)) {
                problems.add(
                    problems.place(value.origin()),
                    "%s.%s is there twice, also at %s"
                        .formatted(site.path(), path, problems.place(twin.origin())));
              }
            });
  }

  private Bound scalar(Class<?> type, ConfigValue value, Site site) {
    if (value instanceof ConfigList
        || value instanceof ConfigObject
        || value.valueType() == ConfigValueType.NULL) {
      return wrong(value, wanted(type), site);
    }
    if (Secrets.fromEnvironment(value.origin())) {
      secrets.add(site.path());
      problems.conceal(text(value));
    } else if (Secrets.named(site.path())) {
      problems.conceal(text(value));
    }
    if (type.isEnum()) {
      return constant(type, value, site);
    }
    String text = text(value);
    if (type == String.class) {
      return Bound.of(text);
    }
    if (type == boolean.class || type == Boolean.class) {
      return text.equals("true") || text.equals("false")
          ? Bound.of(text.equals("true"))
          : wrong(value, wanted(type), site);
    }
    try {
      BigDecimal number = new BigDecimal(text.strip());
      if (type == int.class || type == Integer.class) {
        return Bound.of(number.intValueExact());
      }
      if (type == long.class || type == Long.class) {
        return Bound.of(number.longValueExact());
      }
      if ((type == double.class || type == Double.class) && Double.isFinite(number.doubleValue())) {
        return Bound.of(number.doubleValue());
      }
    } catch (NumberFormatException e) {
      return wrong(value, wanted(type), site);
    } catch (ArithmeticException e) {
      return wrong(value, wantedExactly(type, text), site);
    }
    return wrong(value, wanted(type), site);
  }

  private static String wanted(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class) {
      return "a finite number";
    }
    if (type == String.class) {
      return "a text";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", constants(type).keySet());
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    throw new IllegalStateException("cannot bind " + type);
  }

  /** What is wanted instead of a number that has a fraction or too many digits. */
  private static String wantedExactly(Class<?> type, String text) {
    boolean whole = new BigDecimal(text.strip()).stripTrailingZeros().scale() <= 0;
    if (!whole) {
      return "a whole number";
    }
    return type == int.class || type == Integer.class
        ? "a whole number between %d and %d".formatted(Integer.MIN_VALUE, Integer.MAX_VALUE)
        : "a whole number between %d and %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private Bound constant(Class<?> type, ConfigValue value, Site site) {
    Map<String, Object> constants = constants(type);
    Object constant = constants.get(text(value));
    return constant == null
        ? wrongName(value, ONE_OF, constants.keySet(), site)
        : Bound.of(constant);
  }

  private static Map<String, Object> constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .collect(
            Collectors.toMap(
                constant -> Names.kebab((Enum<?>) constant),
                constant -> constant,
                (a, b) -> a,
                LinkedHashMap::new));
  }

  private Bound wrong(ConfigValue value, String wanted, Site site) {
    problems.add(
        problems.place(value.origin()),
        "%s must be %s%s, got %s"
            .formatted(site.path(), wanted, site.auto() ? " or auto" : "", shown(value, site)));
    return Bound.INVALID;
  }

  private Bound wrongName(ConfigValue value, String wanted, Collection<String> names, Site site) {
    wrong(value, wanted + String.join(", ", names), site);
    if (value.valueType() == ConfigValueType.STRING) {
      Names.nearest(text(value), names)
          .ifPresent(name -> problems.amend("; did you mean " + name + "?"));
    }
    return Bound.INVALID;
  }

  private static String shown(ConfigValue value, Site site) {
    if (value instanceof ConfigList) {
      return "a list";
    }
    if (value instanceof ConfigObject) {
      return "an object";
    }
    if (value.valueType() == ConfigValueType.NULL) {
      return "null";
    }
    if (Secrets.fromEnvironment(value.origin()) || Secrets.named(site.path())) {
      return Secrets.REDACTED;
    }
    String text = Secrets.shown(text(value));
    boolean quoted =
        value.valueType() == ConfigValueType.STRING && !text.matches("-?[0-9]+(\\.[0-9]+)?");
    return quoted ? ConfigUtil.quoteString(text) : text;
  }

  /** The text of a scalar as it was typed. */
  private static String text(ConfigValue value) {
    return value.atKey("value").getString("value");
  }
}
