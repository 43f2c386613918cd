package sluice.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The extensions on the class path that Sluice itself was loaded from. They are loaded once, and
 * nothing is thrown then: registries are made while classes are initialised, where an exception
 * would become an error that no user understands. What is wrong is kept, and told by those who read
 * a configuration or a bundle.
 *
 * @param all what they add, in the order in which the class path has them
 * @param problems why others could not be loaded
 */
public record Extensions(List<Added> all, List<String> problems) {
  private static final Extensions ON_CLASS_PATH =
      load(ServiceLoader.load(Extension.class, Extensions.class.getClassLoader()).iterator());

  /**
   * What an extension adds.
   *
   * @param extension its class
   */
  public record Added(
      Class<?> extension, List<NamedTypes<?>> types, List<NamedMetric> metrics, String reference) {
    public Added {
      types = List.copyOf(types);
      metrics = List.copyOf(metrics);
    }

    /** The name of its class. */
    public String name() {
      return extension.getName();
    }

    /** The classes of the extension, its types and its metrics. */
    public List<Class<?>> classes() {
      List<Class<?>> classes = new ArrayList<>();
      classes.add(extension);
      types.forEach(family -> classes.addAll(family.types().values()));
      metrics.forEach(metric -> classes.add(metric.getClass()));
      return classes;
    }
  }

  public Extensions {
    all = List.copyOf(all);
    problems = List.copyOf(problems);
  }

  /** Those of this process. */
  public static Extensions onClassPath() {
    return ON_CLASS_PATH;
  }

  /** Asks extensions, each once, what they add. */
  static Extensions load(Iterator<Extension> extensions) {
    List<Added> all = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    try {
      while (extensions.hasNext()) {
        Extension extension = extensions.next();
        Class<?> type = extension.getClass();
        try {
          all.add(new Added(type, extension.types(), extension.metrics(), extension.reference()));
        } catch (RuntimeException | LinkageError e) {
          problems.add(
              "extension %s must say what it adds, and fails: %s".formatted(type.getName(), e));
        }
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      // Whether there are more can no longer be told.
      problems.add(
          "extensions must be classes with a public constructor without arguments, and one cannot be loaded: %s%s"
              .formatted(e.getMessage(), e.getCause() == null ? "" : ": " + e.getCause()));
    }
    return new Extensions(all, problems);
  }

  /**
   * Why not all that extensions add to these families is there: all problems, or none.
   *
   * @param families with what was added to them
   */
  public static List<String> problems(List<NamedTypes<?>> families) {
    List<String> problems = new ArrayList<>(ON_CLASS_PATH.problems());
    families.forEach(family -> problems.addAll(family.problems()));
    return problems;
  }
}
