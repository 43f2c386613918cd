package sluice.clean;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.FieldType;
import sluice.data.ValueParser;

/** What the Spark faces of the rules have in common. */
final class SparkFace {
  private SparkFace() {}

  /** Words around a value where a condition holds, null where it does not or is not known. */
  static Column reject(Column condition, Column value, String before, String after) {
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
