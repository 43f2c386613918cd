package sluice.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.signum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.IntegralDivide;
import org.apache.spark.sql.catalyst.expressions.Multiply;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.ValueParser;

/** What the Spark faces of the rules have in common. */
public final class SparkFace {
  private SparkFace() {}

  /** Words around a value where a condition holds, null where it does not or is not known. */
  public static Column reject(Column condition, Column value, String before, String after) {
    UDF1<Object, String> words = v -> before + Values.words(v) + after;
    return when(known(condition), udf(words, DataTypes.StringType).apply(value));
  }

  /** The condition where it is known, false where a null leaves it open. */
  static Column known(Column condition) {
    return coalesce(condition, lit(false));
  }

  /** Whether a value is one of these, given as text; false for null. */
  static Column among(Column value, FieldType type, List<String> texts) {
    if (type == FieldType.STRING) {
      return known(value.isin(texts.toArray()));
    }
    Set<Object> values = Values.parsed(texts, type);
    UDF1<Object, Boolean> among = v -> v != null && values.contains(Values.comparable(v));
    return known(udf(among, DataTypes.BooleanType).apply(value));
  }

  /** The value as another type, null where it is not one. */
  static Column convert(Column value, FieldType to, ValueParser parser) {
    UDF1<Object, Object> convert = v -> v == null ? null : Values.convert(v, to, parser);
    return udf(convert, dataType(to)).apply(value);
  }

  /**
   * Words around the value of an expression where the cast to a type makes another or none of it,
   * words around the expression where whole numbers overflow in it; null elsewhere.
   */
  static Column rejectUnfit(
      String expression, FieldType to, String before, String notOfType, String overflows) {
    Column value = expr(expression);
    Column checked = new Column(new TryEval(failingOnOverflow(value.expr())));
    UDF3<Object, Object, Boolean, String> words =
        (v, converted, overflown) ->
            overflown
                ? before + Values.words(expression) + overflows
                : keeps(v, converted) ? null : before + Values.words(v) + notOfType;
    // Spark sees no value in a condition that is not deterministic, and so computes nothing of what
    // follows before it. A part of the checked expression would fail outside of the try.
    UDF1<Object, Boolean> isThere = v -> v != null;
    return when(
        udf(isThere, DataTypes.BooleanType).asNondeterministic().apply(value),
        udf(words, DataTypes.StringType).apply(value, value.cast(dataType(to)), checked.isNull()));
  }

  /** Whether a cast has cut off no more than a fraction. */
  private static boolean keeps(Object value, @Nullable Object converted) {
    if (converted instanceof Double || converted instanceof Float) {
      return !Double.isInfinite(((Number) converted).doubleValue())
          || !(value instanceof Number number)
          || Double.isInfinite(number.doubleValue());
    }
    if (!(converted instanceof Number whole)) {
      return converted != null;
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) && isWhole(new BigDecimal(number), whole);
    }
    if (value instanceof Instant instant) {
      return instant.getEpochSecond() == whole.longValue();
    }
    return !(value instanceof Number number) || isWhole(new BigDecimal(number.toString()), whole);
  }

  private static boolean isWhole(BigDecimal number, Number whole) {
    return number.toBigInteger().equals(BigInteger.valueOf(whole.longValue()));
  }

  /**
   * The same expression that fails where whole numbers overflow, and does not wrap around. What is
   * divided by zero stays null.
   */
  private static Expression failingOnOverflow(Expression expression) {
    Expression same = expression.mapChildren(SparkFace::failingOnOverflow);
    if (same instanceof Add add) {
      return new Add(add.left(), add.right(), EvalMode.ANSI());
    }
    if (same instanceof Subtract subtract) {
      return new Subtract(subtract.left(), subtract.right(), EvalMode.ANSI());
    }
    if (same instanceof Multiply multiply) {
      return new Multiply(multiply.left(), multiply.right(), EvalMode.ANSI());
    }
    if (same instanceof IntegralDivide divide) {
      Column divisor = new Column(divide.right());
      Expression notZero = when(signum(divisor).notEqual(0), divisor).expr();
      return new IntegralDivide(divide.left(), notZero, EvalMode.ANSI());
    }
    return same instanceof UnaryMinus minus ? new UnaryMinus(minus.child(), true) : same;
  }

  /** Whether a value is missing: null, or a number that is not finite. */
  static Column missing(Column value, FieldType type) {
    if (type != FieldType.FLOAT && type != FieldType.DOUBLE) {
      return value.isNull();
    }
    Column number = value.cast(DataTypes.DoubleType);
    return value
        .isNull()
        .or(number.isNaN())
        .or(number.equalTo(lit(Double.POSITIVE_INFINITY)))
        .or(number.equalTo(lit(Double.NEGATIVE_INFINITY)));
  }

  /**
   * The same strings, past which Spark moves no expression. Otherwise it would push the filter on
   * the last verdict down through the rules and collapse their projections, and copy what a rule
   * makes once for every use in the next: exponentially many copies.
   */
  static Column inPlace(Column text) {
    UDF1<String, String> same = v -> v;
    return udf(same, DataTypes.StringType).asNondeterministic().apply(text);
  }

  static DataType dataType(FieldType type) {
    return DataType.fromDDL(type.ddl());
  }
}
