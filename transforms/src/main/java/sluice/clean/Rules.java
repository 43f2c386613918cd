package sluice.clean;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sluice.clean.text.MaskPersonal;
import sluice.clean.text.NormaliseText;
import sluice.clean.text.RejectLanguage;
import sluice.clean.text.RejectLength;
import sluice.clean.text.RejectQuality;
import sluice.clean.text.StripHtml;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;

/** The rules there are, by the name that stands in {@code type}. */
public final class Rules {
  public static final NamedTypes<Rule> TYPES =
      NamedTypes.of(Rule.class)
          .with("trim", Trim.class)
          .with("missing", Missing.class)
          .with("cast", Cast.class)
          .with("derive", Derive.class)
          .with("drop-columns", DropColumns.class)
          .with("rename", Rename.class)
          .with("reject-missing", RejectMissing.class)
          .with("reject-outside", RejectOutside.class)
          .with("reject-unless-in", RejectUnlessIn.class)
          .with("reject-unless-matching", RejectUnlessMatching.class)
          .with("normalise-text", NormaliseText.class)
          .with("strip-html", StripHtml.class)
          .with("mask-personal", MaskPersonal.class)
          .with("reject-length", RejectLength.class)
          .with("reject-language", RejectLanguage.class)
          .with("reject-quality", RejectQuality.class)
          .with("drop-duplicates", DropDuplicates.class)
          .with("drop-near-duplicates", DropNearDuplicates.class)
          .withExtensions();

  private Rules() {}

  /** The names in JSON. */
  static final class Names extends NamedTypes.Resolver {
    Names() {
      super(TYPES);
    }
  }

  /** These columns, or all of them if none is named. */
  public static List<String> columnsOrAll(List<String> columns, DatasetContract contract) {
    return columns.isEmpty() ? contract.names() : columns;
  }

  /**
   * A rule on a list of columns, all if it is empty, for rows that lack one: nothing if that was
   * the only one.
   */
  public static <R extends Rule> Optional<Rule> without(
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
