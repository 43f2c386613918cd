package sluice.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.AcceptedRejected;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.data.RowKey;
import sluice.split.Part;

/**
 * Rules in their order over the columns they start from. It has two faces that agree to the bit:
 * {@link #apply(Dataset)} for tables, and {@link #apply(RawRecord)} for one record without Spark.
 *
 * @param input the columns of the rows as they were read
 * @param rules each fits the columns that those before it hand on
 */
public record Cleaning(DatasetContract input, List<Rule> rules) {
  private static final String READ = "_read";
  private static final String RULE = "_rule";
  private static final String REASON = "_reason";
  private static final String SHOWN = "_shown";
  private static final String STAYS = "_stays";

  /**
   * Checks the rules against the columns.
   *
   * @throws InvalidInput (configuration) that names every rule that does not fit
   */
  public Cleaning {
    rules = List.copyOf(rules);
    List<String> problems = problems(input, rules);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** Why rules do not fit the columns they start from: all problems, or none. */
  public static List<String> problems(DatasetContract input, List<Rule> rules) {
    List<String> problems = new ArrayList<>();
    contracts(input, rules, problems);
    return problems;
  }

  /**
   * What is wrong with the expressions of {@code derive} rules: Spark SQL that it does not
   * understand, or that could do more than compute a value of one row. Nothing is computed.
   *
   * @param rules fit the columns, see {@link #problems}
   */
  public static List<String> expressionProblems(DatasetContract input, List<Rule> rules) {
    List<DatasetContract> contracts = contracts(input, rules, new ArrayList<>());
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i) instanceof Derive derive) {
        try {
          RowExpression.check(place(i, derive), derive, contracts.get(i));
        } catch (InvalidInput e) {
          problems.addAll(e.problems());
        }
      }
    }
    return problems;
  }

  /** The columns of the rows that are kept. */
  public DatasetContract outputContract() {
    List<DatasetContract> contracts = contracts();
    return contracts.get(contracts.size() - 1);
  }

  /** The rules that apply to a record that is scored. */
  public Cleaning scoring() {
    return new Cleaning(input, rules.stream().filter(rule -> rule.at() == Rule.At.ALWAYS).toList());
  }

  /**
   * The same cleaning of rows that lack a column, as rows to predict lack the label.
   *
   * @param column its name in the output; where a rule renames or derives it, that rule falls away
   *     too
   */
  public Cleaning without(String column) {
    String name = column;
    List<Rule> left = new ArrayList<>();
    List<DatasetContract> contracts = contracts();
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rule rule = rules.get(i);
      if (rule instanceof Rename rename && rename.to().equals(name)) {
        name = rename.from();
      } else if (!(rule instanceof Derive derive
          && derive.column().equals(name)
          && !contracts.get(i).has(name))) {
        rule.without(name).ifPresent(kept -> left.add(0, kept));
      }
    }
    return new Cleaning(input.without(name), left);
  }

  /**
   * The same cleaning over no more columns than it takes to make these, and to reject the same rows
   * by the rules that are there to reject. Only a cast of a column that nothing else needs rejects
   * no more, and a {@code derive} of such a column.
   *
   * @param outputs columns of the output
   */
  public Cleaning narrowedTo(Collection<String> outputs) {
    List<DatasetContract> contracts = contracts();
    Set<String> needed = new HashSet<>(outputs);
    Set<Integer> idle =
        idle(
            needed,
            (i, derive) -> RowExpression.columns(place(i, derive), derive, contracts.get(i)));
    DatasetContract narrowed = input;
    for (String column : input.names()) {
      narrowed = needed.contains(column) ? narrowed : narrowed.without(column);
    }
    List<Rule> left = new ArrayList<>();
    DatasetContract current = narrowed;
    for (int i = 0; i < rules.size(); i++) {
      Optional<Rule> rule = Optional.of(rules.get(i));
      if (rules.get(i) instanceof Derive derive && idle.contains(i)) {
        // Nobody needs what it makes; what it would have replaced is gone from here on.
        rule =
            current.has(derive.column())
                ? Optional.of(new DropColumns(List.of(derive.column())))
                : Optional.empty();
      }
      for (String column : contracts.get(i).names()) {
        if (!current.has(column)) {
          rule = rule.flatMap(there -> there.without(column));
        }
      }
      if (rule.isPresent()) {
        left.add(rule.get());
        current = rule.get().outputOf(current);
      }
    }
    return new Cleaning(narrowed, left);
  }

  /**
   * Whether only Spark can make these columns and reject the same rows: whether {@link #narrowedTo}
   * keeps a {@code derive}. To ask takes no Spark.
   *
   * @param outputs columns of the output
   */
  public boolean needsSpark(Collection<String> outputs) {
    // The last rule that is needed is told without what those before it read.
    Set<Integer> idle = idle(new HashSet<>(outputs), (i, derive) -> Set.of());
    return rules.stream().filter(Derive.class::isInstance).count() > idle.size();
  }

  /**
   * The places of the rules that derive what nobody needs.
   *
   * @param needed the columns that are needed of the output; afterwards, those of the input
   * @param read the columns that an expression looks at, by the rule's place
   */
  private Set<Integer> idle(Set<String> needed, BiFunction<Integer, Derive, Set<String>> read) {
    List<DatasetContract> contracts = contracts();
    Set<Integer> idle = new HashSet<>();
    for (int i = rules.size() - 1; i >= 0; i--) {
      if (rules.get(i) instanceof Rename rename) {
        if (needed.remove(rename.to())) {
          needed.add(rename.from());
        }
      } else if (rules.get(i) instanceof Derive derive) {
        if (needed.remove(derive.column())) {
          needed.addAll(read.apply(i, derive));
        } else {
          idle.add(i);
        }
      } else {
        needed.addAll(rules.get(i).judged(contracts.get(i)));
        needed.addAll(rules.get(i).consulted(needed));
      }
    }
    return idle;
  }

  /**
   * Cleans one record.
   *
   * @param record has the columns of the input; it has no duplicate, being alone
   * @throws InvalidInput (data) if a rule needs Spark
   */
  public RuleOutcome apply(RawRecord record) {
    RawRecord current = record;
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i) instanceof RowRule rule) {
        String reason = rule.rejection(current);
        if (reason != null) {
          return new RuleOutcome.Rejected(place(i, rule), reason);
        }
        current = rule.change(current);
      }
    }
    return new RuleOutcome.Kept(current);
  }

  /**
   * Cleans a table, lazily and in one pass, or two around a rule that compares rows.
   *
   * @param rows have {@link DatasetContract#KEY}, {@link DatasetContract#SOURCE} and the columns of
   *     the input; {@link DatasetContract#PART} and {@link DatasetContract#ALONG}, if there, are
   *     handed on
   * @throws InvalidInput (configuration) if Spark does not understand the expression of a rule, or
   *     it could do anything but compute a value
   */
  public AcceptedRejected apply(Dataset<Row> rows) {
    return apply(rows, null);
  }

  /**
   * The same, with a duplicate's reason naming the row that stays as the user does.
   *
   * @param keyColumn the column of the input that the user named as the key; null if there is none
   */
  public AcceptedRejected apply(Dataset<Row> rows, @Nullable String keyColumn) {
    Column[] read = Columns.named(input.names());
    Dataset<Row> state = rows.select(Columns.named(concatenated(first(rows), input.names())));
    state =
        state
            .withColumn(READ, read.length == 0 ? struct(lit(0)) : struct(read))
            .withColumn(RULE, lit(null).cast(DataTypes.StringType))
            .withColumn(REASON, lit(null).cast(DataTypes.StringType));
    Column shown =
        keyColumn == null
            ? RowKey.text(col(DatasetContract.KEY))
            : shown(keyColumn).cast(DataTypes.StringType);
    List<DatasetContract> contracts = contracts();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      DatasetContract before = contracts.get(i);
      if (rule instanceof RowRule rowRule) {
        state = judged(state, i, rowRule, before, contracts.get(i + 1));
      } else if (rule instanceof DropNearDuplicates near) {
        state = withoutNearDuplicates(state, i, near, shown);
      } else {
        state = withoutDuplicates(state, i, (DropDuplicates) rule, before, shown);
      }
    }
    Dataset<Row> accepted =
        state
            .filter(col(RULE).isNull())
            .select(Columns.named(concatenated(first(rows), outputContract().names())));
    List<Column> rejected = new ArrayList<>();
    concatenated(first(rows), List.of(RULE, REASON)).forEach(name -> rejected.add(col(name)));
    input.names().forEach(name -> rejected.add(shown(name).as(name)));
    return new AcceptedRejected(
        accepted, state.filter(col(RULE).isNotNull()).select(rejected.toArray(Column[]::new)));
  }

  /** A column of a rejected row as it was read, but for personal data that a rule masks. */
  private Column shown(String column) {
    return MaskedText.of(column, input, rules).shown(col(READ));
  }

  private Dataset<Row> judged(
      Dataset<Row> state, int position, RowRule rule, DatasetContract in, DatasetContract out) {
    if (rule instanceof Derive derive) {
      RowExpression.check(place(position, rule), derive, in);
    }
    Map<String, Column> changes = rule.changes(in);
    Dataset<Row> judged =
        state.withColumn(REASON, SparkFace.inPlace(coalesce(col(REASON), rule.rejection(in))));
    List<Column> columns = new ArrayList<>();
    concatenated(first(state), List.of(READ, REASON)).forEach(name -> columns.add(col(name)));
    columns.add(ruled(place(position, rule)));
    for (Field field : out.fields()) {
      Column changed = changes.get(field.name());
      columns.add((changed == null ? Columns.named(field.name()) : changed).as(field.name()));
    }
    return judged.select(columns.toArray(Column[]::new));
  }

  private static Dataset<Row> withoutDuplicates(
      Dataset<Row> state, int position, DropDuplicates rule, DatasetContract in, Column shown) {
    // A row that was rejected before is compared with no other: its key stands for its content.
    Column content =
        when(col(RULE).isNull(), RowKey.of(Rules.columnsOrAll(rule.columns(), in)))
            .otherwise(col(DatasetContract.KEY).cast(DataTypes.BinaryType));
    Column stays = col(STAYS).getField(DatasetContract.KEY);
    Column duplicate = col(RULE).isNull().and(stays.notEqual(col(DatasetContract.KEY)));
    Column first = min(ordered(state, shown)).over(Window.partitionBy(col(STAYS), col(RULE)));
    return state
        .withColumn(STAYS, content)
        .withColumn(STAYS, first)
        .withColumn(
            REASON,
            coalesce(
                col(REASON),
                when(duplicate, concat(lit("duplicate of "), col(STAYS).getField(SHOWN)))))
        .withColumn(RULE, ruled(place(position, rule)))
        .drop(STAYS);
  }

  private static Dataset<Row> withoutNearDuplicates(
      Dataset<Row> state, int position, DropNearDuplicates rule, Column shown) {
    Dataset<Row> near =
        NearDuplicates.of(
            state.filter(col(RULE).isNull()), rule, ordered(state, shown), SHOWN, STAYS);
    return state
        .join(near, new String[] {DatasetContract.KEY}, "left")
        .withColumn(REASON, coalesce(col(REASON), col(STAYS)))
        .withColumn(RULE, ruled(place(position, rule)))
        .drop(STAYS);
  }

  /** By what rows stay: the test part before the validation part, that before train, then keys. */
  private static Column ordered(Dataset<Row> state, Column shown) {
    Column part =
        hasPart(state)
            ? when(col(DatasetContract.PART).equalTo(Part.TEST.text()), 0)
                .when(col(DatasetContract.PART).equalTo(Part.VALIDATION.text()), 1)
                .otherwise(2)
            : lit(0);
    return struct(part, col(DatasetContract.KEY), shown.as(SHOWN));
  }

  /** The columns for which a row was rejected, other than as a duplicate. */
  public static Column rejectedFor() {
    Column missing =
        col(RULE)
            .equalTo(RejectUnlabelled.PLACE)
            .or(col(RULE).endsWith(Rules.TYPES.name(new RejectMissing(List.of()))));
    return when(missing, substring_index(col(REASON), RejectMissing.BEFORE, -1))
        .otherwise(substring_index(col(REASON), ": ", 1));
  }

  /** Sluice's own columns of a table. */
  private static List<String> first(Dataset<Row> rows) {
    List<String> first = new ArrayList<>(List.of(DatasetContract.KEY, DatasetContract.SOURCE));
    Set<String> there = Set.of(rows.columns());
    for (String column : List.of(DatasetContract.PART, DatasetContract.ALONG)) {
      if (there.contains(column)) {
        first.add(column);
      }
    }
    return first;
  }

  private static boolean hasPart(Dataset<Row> rows) {
    return List.of(rows.columns()).contains(DatasetContract.PART);
  }

  private static Column ruled(String place) {
    return coalesce(col(RULE), when(col(REASON).isNotNull(), lit(place))).as(RULE);
  }

  /** The contract before each rule, and the last one's output. */
  private List<DatasetContract> contracts() {
    return contracts(input, rules, new ArrayList<>());
  }

  private static List<DatasetContract> contracts(
      DatasetContract input, List<Rule> rules, List<String> problems) {
    List<DatasetContract> contracts = new ArrayList<>();
    contracts.add(input);
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      String place = place(i, rule);
      DatasetContract before = contracts.get(i);
      DatasetContract after = before;
      try {
        after = rule.outputOf(before);
      } catch (InvalidInput e) {
        e.problems().forEach(problem -> problems.add(place + ": " + problem));
        if (rule instanceof Rename || rule instanceof Derive) {
          // The rules behind it may mean the column that it would have brought.
          return contracts;
        }
      }
      if (rule.at() == Rule.At.TRAINING && !after.equals(before)) {
        problems.add(place + ": a rule that changes the columns must apply at = always");
      }
      contracts.add(after);
    }
    return contracts;
  }

  private static String place(int position, Rule rule) {
    return rule instanceof LabelRule ofLabel
        ? ofLabel.place()
        : "rules[%s] %s".formatted(position, Rules.TYPES.name(rule));
  }

  private static List<String> concatenated(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
