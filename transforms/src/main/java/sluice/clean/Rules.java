package sluice.clean;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;

/** The rules there are, by the name that stands in {@code type}. */
public final class Rules {
  public static final Map<String, Class<? extends Rule>> TYPES =
      Map.ofEntries(
          Map.entry("trim", Trim.class),
          Map.entry("missing", Missing.class),
          Map.entry("cast", Cast.class),
          Map.entry("derive", Derive.class),
          Map.entry("drop-columns", DropColumns.class),
          Map.entry("rename", Rename.class),
          Map.entry("reject-missing", RejectMissing.class),
          Map.entry("reject-outside", RejectOutside.class),
          Map.entry("reject-unless-in", RejectUnlessIn.class),
          Map.entry("reject-unless-matching", RejectUnlessMatching.class),
          Map.entry("drop-duplicates", DropDuplicates.class));

  private static final Names NAMES = new Names();

  private Rules() {}

  /** The name of a rule's type. */
  public static String nameOf(Rule rule) {
    return NAMES.idFromValue(rule);
  }

  /** The names in JSON. */
  static final class Names extends NamedTypes {
    Names() {
      super(TYPES);
    }
  }

  /** These columns, or all of them if none is named. */
  static List<String> columnsOrAll(List<String> columns, DatasetContract contract) {
    return columns.isEmpty() ? contract.names() : columns;
  }

  /**
   * A rule on a list of columns, all if it is empty, for rows that lack one: nothing if that was
   * the only one.
   */
  static <R extends Rule> Optional<Rule> without(
      String column, List<String> columns, R rule, Function<List<String>, R> over) {
    if (!columns.contains(column)) {
      return Optional.of(rule);
    }
    List<String> left = columns.stream().filter(name -> !name.equals(column)).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(over.apply(left));
  }

  /** Fails with every problem of a rule's parameters, if there is one. */
  static void require(List<String> problems) {
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** The problem that a list is empty, if it is. */
  static List<String> emptyList(String key, List<?> list) {
    List<String> problems = new ArrayList<>();
    if (list.isEmpty()) {
      problems.add(key + " must not be empty");
    }
    return problems;
  }
}
