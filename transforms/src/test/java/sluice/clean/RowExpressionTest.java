package sluice.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.testing.Gadget;
import sluice.testing.LocalSpark;

/** Expressions in Spark SQL that anybody may have written into a bundle or a configuration. */
class RowExpressionTest {
  private static final DatasetContract PEOPLE =
      new DatasetContract(
          List.of(
              new Field("age", FieldType.INT),
              new Field("job", FieldType.STRING),
              new Field("born", FieldType.DATE)));

  private static final String CALL =
      "expression must call only Spark's own functions that compute a value, got ";
  private static final String SUBQUERY = "expression must have no subquery, got ";
  private static final String SAME = "expression must give the same value each time, got ";
  private static final String DEEP = "expression must be nested at most 200 deep, got more";

  static Stream<Arguments> hostile() {
    String run = "('sluice.testing.Gadget', 'run')";
    String identifier = "IDENTIFIER('ref' || 'lect')" + run;
    String passwords = "(SELECT max(value) FROM text.`/etc/passwd`)";
    String exists = "EXISTS (SELECT 1 FROM text.`/etc/passwd`)";
    String within = "job IN (SELECT value FROM text.`/etc/passwd`)";
    return Stream.of(
        Arguments.of("reflect" + run, CALL + "reflect"),
        Arguments.of("upper(concat(job, REFLECT%s))".formatted(run), CALL + "REFLECT"),
        Arguments.of("java_method" + run, CALL + "java_method"),
        Arguments.of("`java_method`" + run, CALL + "java_method"),
        Arguments.of("transform(array(1), x -> reflect%s)[0]".formatted(run), CALL + "reflect"),
        Arguments.of("spark_catalog.x.f(age)", CALL + "spark_catalog.x.f"),
        Arguments.of("nosuch(age)", CALL + "nosuch"),
        Arguments.of("xpath_string(job, 'a/b')", CALL + "xpath_string"),
        Arguments.of("input_file_name()", CALL + "input_file_name"),
        Arguments.of("version()", CALL + "version"),
        Arguments.of("uuid()", CALL + "uuid"),
        Arguments.of("current_user()", CALL + "current_user"),
        Arguments.of(
            identifier,
            "expression must name what it means, not compute a name by IDENTIFIER, got "
                + identifier),
        Arguments.of(passwords, SUBQUERY + passwords),
        Arguments.of(exists, SUBQUERY + exists),
        Arguments.of(within, SUBQUERY + within),
        Arguments.of("current_user", SAME + "current_user"),
        Arguments.of("current_date", SAME + "current_date"),
        Arguments.of("year(now())", SAME + "year(now())"),
        Arguments.of("unix_timestamp()", SAME + "unix_timestamp()"),
        Arguments.of("age + rand()", SAME + "age + rand()"),
        Arguments.of("(".repeat(4_000) + "age" + ")".repeat(4_000), DEEP),
        Arguments.of("age" + " + 1".repeat(2_000), DEEP),
        Arguments.of(
            "age" + " + 1".repeat(3_000),
            "expression must have at most 10,000 characters, got 12,003"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatDoesMoreThanComputeIsRefusedBeforeItDoes(String expression, String message) {
    Cleaning cleaning = fromJson(expression);
    assertThatThrownBy(() -> cleaning.apply(people()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("rules[0] derive: " + message);
    assertThat(Gadget.runs()).isZero();
  }

  /** Without the check it would have run. */
  @Test
  void theTrapOfTheseTestsIsSet() {
    people().selectExpr("reflect('sluice.testing.Gadget', 'run')").collectAsList();
    assertThat(Gadget.runs()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "age div 10",
        "if(age > 3 AND job = 'a', upper(job), NULL)",
        "CASE job WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE age END",
        "CAST(age AS DOUBLE) / greatest(age, 1) * pi() + e()",
        "coalesce(nullif(job, ''), nvl(job, 'x'), 'y')",
        "job LIKE 'a%' OR job RLIKE '^b' OR job IN ('c', 'd') OR age BETWEEN 1 AND 2",
        "year(born) + dayofweek(to_date('2020-02-29')) + EXTRACT(MONTH FROM born)",
        "date_trunc('month', born) + INTERVAL 1 DAY",
        "pmod(xxhash64(job, age), 5) + crc32(job) + bit_count(age)",
        "aggregate(transform(sequence(1, 3), x -> x * age), 0, (a, b) -> a + b)",
        "size(array()) + size(map()) + length(concat())",
        "named_struct('a', age).a + element_at(map('k', 1), 'k')",
        "get_json_object(job, '$.a')",
        "substring_index(regexp_replace(trim(job), '[0-9]+', ''), ' ', 1)",
        "parse_url(job, 'HOST')",
      })
  void whatComputesIsLetThrough(String expression) {
    assertThat(fromJson(expression).apply(people()).accepted().count()).isEqualTo(1);
  }

  /** Spark would put in the environment and its settings, with the keys of stores among them. */
  @ParameterizedTest
  @ValueSource(strings = {"${env:PATH}", "${system:user.home}", "${spark:spark.app.name}"})
  void aVariableIsATextLikeAnyOther(String variable) {
    assertThat(
            fromJson("'" + variable + "'")
                .apply(people())
                .accepted()
                .select("x")
                .first()
                .getString(0))
        .isEqualTo(variable);
  }

  /** As it comes out of a bundle. */
  private static Cleaning fromJson(String expression) {
    Cleaning cleaning = new Cleaning(PEOPLE, List.of(new Derive("x", expression, "string")));
    return Json.read(Json.write(cleaning), Cleaning.class, "cleaning.json");
  }

  private static Dataset<Row> people() {
    return LocalSpark.session()
        .createDataFrame(
            List.of(RowFactory.create(30, "clerk", null)), StructType.fromDDL(PEOPLE.ddl()))
        .withColumn("_key", functions.lit("k"))
        .withColumn("_source", functions.lit("f").cast(DataTypes.StringType));
  }
}
