package sluice.normalise;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.features.Element;

/**
 * What becomes of a column's values, step by step, before any data is seen.
 *
 * @param entry the kind in which the column enters
 * @param gives the kind of what comes out; with a problem, as far as the steps can follow
 * @param encoding how a network takes it
 * @param problem why the steps cannot follow each other, or null if they can
 */
record StepChain(Kind entry, Kind gives, Element encoding, @Nullable String problem) {

  /**
   * The chain of a column: it enters in the first of its type's kinds with which every step can
   * follow the one before. If there is none, the problem is that of the first kind.
   */
  static StepChain of(FieldType type, List<Step> steps) {
    List<StepChain> chains =
        RawValues.kinds(type).stream().map(entry -> of(type, entry, steps)).toList();
    return chains.stream().filter(chain -> chain.problem == null).findFirst().orElse(chains.get(0));
  }

  private static StepChain of(FieldType type, Kind entry, List<Step> steps) {
    Element encoding = steps.isEmpty() ? Element.FLOAT32 : steps.get(steps.size() - 1).encoding();
    Kind kind = entry;
    String before = type.ddl();
    for (Step step : steps) {
      String name = Steps.TYPES.name(step);
      if (!step.accepts().contains(kind)) {
        String problem =
            "%s takes %s, got %s from %s".formatted(name, texts(step), kind.text(), before);
        return new StepChain(entry, kind, encoding, problem);
      }
      kind = step.gives(kind);
      before = name;
    }
    return new StepChain(entry, kind, encoding, unfinished(kind));
  }

  /** Why a network cannot take values of this kind; null if it can. */
  private static @Nullable String unfinished(Kind kind) {
    return switch (kind) {
      case TEXT ->
          "its steps must end in numbers or category indices, got text; add one-hot, index,"
              + " frequency or hashing, or words, characters, byte-pairs or tf-idf where it is a text of several words";
      case TIME -> "its steps must end in numbers or category indices, got times; add date-parts";
      case BYTES -> "its steps must end in numbers or category indices, got bytes; add pixels";
      case NUMBER, INDEX, VECTOR, SERIES, WEIGHTED_SERIES -> null;
    };
  }

  private static String texts(Step step) {
    return Arrays.stream(Kind.values())
        .filter(step.accepts()::contains)
        .map(Kind::text)
        .collect(Collectors.joining(" or "));
  }
}
