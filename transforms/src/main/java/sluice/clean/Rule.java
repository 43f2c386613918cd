package sluice.clean;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.data.DatasetContract;

/**
 * A cleaning step: an immutable record of its parameters, which are validated in its constructor.
 * The configuration and JSON name it by its type in {@link Rules}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(Rules.Names.class)
public sealed interface Rule permits RowRule, DropDuplicates, DropNearDuplicates {

  /** When a rule applies. */
  enum At {
    /** Only while a training set is made: duplicates, balance. */
    TRAINING,
    /** There, and on every record that is scored later. */
    ALWAYS
  }

  At at();

  /**
   * The contract of the rows that this rule hands on.
   *
   * @throws sluice.data.InvalidInput (data) if the rule does not fit the columns; the message names
   *     the column and the columns there are
   */
  DatasetContract outputOf(DatasetContract input);

  /**
   * The columns that there must be for this rule to reject what it is there to reject.
   *
   * @param input the columns that the rule sees
   */
  default List<String> judged(DatasetContract input) {
    return List.of();
  }

  /**
   * The columns that this rule looks at to make these of themselves.
   *
   * @param outputs columns of its output
   */
  default Set<String> consulted(Set<String> outputs) {
    return Set.of();
  }

  /** This rule for rows that lack a column; nothing if it is then left with nothing to do. */
  Optional<Rule> without(String column);
}
