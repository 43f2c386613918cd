package sluice.clean;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.ExpressionWithUnresolvedIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Concat;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.EulerNumber;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.Pi;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;

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
   * Checks an expression; nothing of it is computed.
   *
   * @param place of the rule, for messages
   * @throws InvalidInput (configuration) if it could do anything but compute a value of one row,
   *     the same each time
   */
  static void check(SparkSession spark, String place, Derive rule, DatasetContract input) {
    if (rule.expression().length() > MOST_CHARACTERS) {
      throw InvalidInput.configuration(
          "%s: expression must have at most %,d characters, got %,d"
              .formatted(place, MOST_CHARACTERS, rule.expression().length()));
    }
    try {
      checkParsed(parsed(spark, place, rule), place, rule, 1);
      LogicalPlan plan =
          spark
              .createDataFrame(List.of(), StructType.fromDDL(input.ddl()))
              .select(rule.changes(input).values().toArray(Column[]::new))
              .queryExecution()
              .analyzed();
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

  /** The expression before any name in it is looked up: a look-up alone reads files. */
  private static Expression parsed(SparkSession spark, String place, Derive rule) {
    try {
      return spark.sessionState().sqlParser().parseExpression(rule.expression());
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
        "%s: expression must be nested at most %d deep, got more".formatted(place, DEEPEST));
  }

  private static InvalidInput unreadable(String place, Exception e) {
    return InvalidInput.configuration(
        "%s: expression: %s"
            .formatted(place, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
  }
}
