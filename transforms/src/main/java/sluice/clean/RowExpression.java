package sluice.clean;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.ExpressionWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Concat;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.EulerNumber;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Pi;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.SessionSettings;

/**
 * The check of an expression in Spark SQL that anybody may have written. Spark SQL can do more than
 * compute a value: {@code reflect} calls any Java method, a subquery reads any file, {@code xpath}
 * reads XML with all that it may refer to. So only these are let through: columns of the row,
 * constants, operators, and Spark's own functions of such groups as compute values.
 */
final class RowExpression {
  /** Longer ones are none that a person wrote. */
  private static final int MOST_CHARACTERS = 10_000;

  /** Deeper ones exhaust the stack of whoever looks at them. */
  private static final int DEEPEST = 200;

  /**
   * The groups of Spark's documentation. Aggregates, windows and generators pass here and are told
   * by the plan; {@code misc_funcs}, {@code xml_funcs} and functions of no group do not.
   */
  private static final Set<String> GROUPS =
      Set.of(
          "agg_funcs",
          "array_funcs",
          "bitwise_funcs",
          "collection_funcs",
          "conditional_funcs",
          "conversion_funcs",
          "csv_funcs",
          "datetime_funcs",
          "generator_funcs",
          "hash_funcs",
          "json_funcs",
          "lambda_funcs",
          "map_funcs",
          "math_funcs",
          "predicate_funcs",
          "string_funcs",
          "struct_funcs",
          "url_funcs",
          "window_funcs");

  private RowExpression() {}

  /**
   * Checks an expression; nothing of it is computed, and no session is needed.
   *
   * @param place of the rule, for messages
   * @throws InvalidInput (configuration) if it could do anything but compute a value of one row,
   *     the same each time
   */
  static void check(String place, Derive rule, DatasetContract input) {
    checkLength(place, rule);
    try {
      checkParsed(parsed(place, rule), place, rule, 1);
      LogicalPlan plan = SQLConf$.MODULE$.withExistingConf(settings(), () -> analyzed(rule, input));
      // A window, a generator or an aggregate puts nodes of its own over the table.
      if (!(plan instanceof Project project && project.child() instanceof LocalRelation)) {
        throw InvalidInput.configuration(
            "%s: expression must look at one row, got %s".formatted(place, rule.expression()));
      }
      if (!plan.deterministic() || !children(plan.expressions()).allMatch(RowExpression::isPure)) {
        throw InvalidInput.configuration(
            "%s: expression must give the same value each time, got %s"
                .formatted(place, rule.expression()));
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw tooDeep(place);
    } catch (Exception e) {
      throw unreadable(place, e);
    }
  }

  /**
   * The columns that an expression looks at; all of them where only Spark could tell.
   *
   * @param place of the rule, for messages
   * @param input the columns that there are
   * @throws InvalidInput (configuration) if it cannot be parsed
   */
  static Set<String> columns(String place, Derive rule, DatasetContract input) {
    checkLength(place, rule);
    Set<String> columns = new HashSet<>();
    try {
      return addColumns(parsed(place, rule), input, columns) ? columns : Set.copyOf(input.names());
    } catch (StackOverflowError e) {
      throw tooDeep(place);
    }
  }

  /** Whether each name in an expression is that of a column, which is added. */
  private static boolean addColumns(
      Expression expression, DatasetContract input, Set<String> columns) {
    if (expression instanceof UnresolvedAttribute attribute) {
      String name = attribute.nameParts().mkString(".");
      columns.add(name);
      return input.has(name);
    }
    return !(expression instanceof Star)
        && children(expression.children()).allMatch(child -> addColumns(child, input, columns));
  }

  private static void checkLength(String place, Derive rule) {
    if (rule.expression().length() > MOST_CHARACTERS) {
      throw InvalidInput.configuration(
          String.format(
              Locale.ROOT,
              "%s: expression must have at most %,d characters, got %,d",
              place,
              MOST_CHARACTERS,
              rule.expression().length()));
    }
  }

  /** The settings of every session: what an expression means depends on no other. */
  private static SQLConf settings() {
    SQLConf settings = new SQLConf();
    SessionSettings.fixed().forEach(settings::setConfString);
    return settings;
  }

  /** The expression over an empty table, with Spark's own functions and no tables beside it. */
  private static LogicalPlan analyzed(Derive rule, DatasetContract input) {
    List<NamedExpression> made = new ArrayList<>();
    rule.changes(input).values().forEach(column -> made.add(column.named()));
    LogicalPlan plan =
        new Project(
            JavaConverters.asScalaBuffer(made).toList(),
            LocalRelation$.MODULE$.apply(StructType.fromDDL(input.ddl())));
    SessionCatalog catalog =
        new SessionCatalog(
            new InMemoryCatalog(new SparkConf(false), new Configuration(false)),
            FunctionRegistry$.MODULE$.builtin(),
            TableFunctionRegistry$.MODULE$.builtin());
    return new Analyzer(catalog).executeAndCheck(plan, new QueryPlanningTracker(Option.empty()));
  }

  /** The expression before any name in it is looked up: a look-up alone reads files. */
  private static Expression parsed(String place, Derive rule) {
    try {
      return CatalystSqlParser$.MODULE$.parseExpression(rule.expression());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw unreadable(place, e);
    }
  }

  private static void checkParsed(Expression expression, String place, Derive rule, int depth) {
    if (depth > DEEPEST) {
      throw tooDeep(place);
    }
    if (expression instanceof PlanExpression<?>) {
      throw InvalidInput.configuration(
          "%s: expression must have no subquery, got %s".formatted(place, rule.expression()));
    }
    if (expression instanceof ExpressionWithUnresolvedIdentifier) {
      throw InvalidInput.configuration(
          "%s: expression must name what it means, not compute a name by IDENTIFIER, got %s"
              .formatted(place, rule.expression()));
    }
    if (expression instanceof UnresolvedFunction function) {
      List<String> name = JavaConverters.seqAsJavaList(function.nameParts());
      if (!isKnown(name)) {
        throw InvalidInput.configuration(
            "%s: expression must call only Spark's own functions that compute a value, got %s"
                .formatted(place, String.join(".", name)));
      }
    }
    children(expression.children()).forEach(child -> checkParsed(child, place, rule, depth + 1));
  }

  private static boolean isKnown(List<String> name) {
    if (name.size() != 1) {
      return false;
    }
    Option<ExpressionInfo> info =
        FunctionRegistry$.MODULE$.builtin().lookupFunction(FunctionIdentifier.apply(name.get(0)));
    return info.isDefined() && GROUPS.contains(info.get().getGroup());
  }

  /** Whether all that goes in is the row and constants, and not the time, the user, the session. */
  private static boolean isPure(Expression expression) {
    if (expression.children().isEmpty()) {
      return expression instanceof Literal
          || expression instanceof Attribute
          || expression instanceof NamedLambdaVariable
          || expression instanceof Pi
          || expression instanceof EulerNumber
          || isEmptyCollection(expression);
    }
    return children(expression.children()).allMatch(RowExpression::isPure);
  }

  /** {@code array()} and its like have no children and are constants all the same. */
  private static boolean isEmptyCollection(Expression expression) {
    return expression instanceof CreateArray
        || expression instanceof CreateMap
        || expression instanceof CreateNamedStruct
        || expression instanceof Concat;
  }

  private static Stream<Expression> children(Seq<Expression> expressions) {
    return JavaConverters.seqAsJavaList(expressions).stream();
  }

  private static InvalidInput tooDeep(String place) {
    return InvalidInput.configuration(
        "%s: expression must be nested at most %s deep, got more".formatted(place, DEEPEST));
  }

  private static InvalidInput unreadable(String place, Exception e) {
    return InvalidInput.configuration(
        "%s: expression: %s"
            .formatted(place, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
  }
}
