package sluice.ingest;

import java.util.Map;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;
import scala.collection.immutable.Map$;

/**
 * The options of Spark's own parsers. A malformed record is parsed once more with them, column by
 * column, to say what is wrong with it.
 */
final class SparkOptions {
  /** Where Spark's readers put the text of a malformed record. */
  static final String MALFORMED = "_malformed";

  /** What stands where bytes are none of the encoding. */
  static final String REPLACEMENT = "\uFFFD";

  /** The time zone of every session. */
  static final String ZONE = "UTC";

  private SparkOptions() {}

  static CSVOptions csv(Map<String, String> options) {
    return new CSVOptions(immutable(options), false, ZONE, MALFORMED);
  }

  static JSONOptions json(Map<String, String> options) {
    return new JSONOptions(immutable(options), ZONE, MALFORMED);
  }

  /** The schema with a last column for the text of a malformed record. */
  static StructType withMalformed(StructType schema) {
    return schema.add(MALFORMED, "string");
  }

  /** The reason why a record with bytes of another encoding is malformed. */
  static String notEncoded(String charset) {
    return "bytes that are not %s: options.encoding names another encoding".formatted(charset);
  }

  /** A map as Spark takes it. */
  static scala.collection.immutable.Map<String, String> immutable(Map<String, String> map) {
    scala.collection.immutable.Map<String, String> converted = Map$.MODULE$.empty();
    for (Map.Entry<String, String> entry : map.entrySet()) {
      converted = converted.$plus(new Tuple2<>(entry.getKey(), entry.getValue()));
    }
    return converted;
  }
}
