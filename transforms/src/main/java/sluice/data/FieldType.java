package sluice.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The type of a raw column: its name in Spark DDL and the Java class of its values in a {@link
 * RawRecord}. Spark hands the same classes out when {@code spark.sql.datetime.java8API.enabled} is
 * set, as every Sluice session has it.
 */
public enum FieldType {
  BOOLEAN("boolean", Boolean.class),
  BYTE("tinyint", Byte.class),
  SHORT("smallint", Short.class),
  INT("int", Integer.class),
  LONG("bigint", Long.class),
  FLOAT("float", Float.class),
  DOUBLE("double", Double.class),
  STRING("string", String.class),
  DATE("date", java.time.LocalDate.class),
  TIMESTAMP("timestamp", java.time.Instant.class),
  TIMESTAMP_NTZ("timestamp_ntz", java.time.LocalDateTime.class),
  BINARY("binary", byte[].class);

  private final String ddl;
  private final Class<?> valueClass;

  FieldType(String ddl, Class<?> valueClass) {
    this.ddl = ddl;
    this.valueClass = valueClass;
  }

  /** The type's name in Spark DDL, in lower case. */
  public String ddl() {
    return ddl;
  }

  /** The class of a value that is not null. */
  public Class<?> valueClass() {
    return valueClass;
  }

  /** Whether values count: integers and floating-point numbers. */
  public boolean isNumber() {
    return isInteger() || this == FLOAT || this == DOUBLE;
  }

  /** Whether values are whole numbers. */
  public boolean isInteger() {
    return this == BYTE || this == SHORT || this == INT || this == LONG;
  }

  /** Whether values are points in time or dates. */
  public boolean isTime() {
    return this == DATE || this == TIMESTAMP || this == TIMESTAMP_NTZ;
  }

  /** The type with this simple name in Spark DDL, or nothing if Sluice does not read it. */
  public static Optional<FieldType> ofDdl(String ddl) {
    return Arrays.stream(values()).filter(t -> t.ddl.equalsIgnoreCase(ddl)).findFirst();
  }

  /** The DDL names of every type, for messages. */
  public static String names() {
    return Arrays.stream(values()).map(FieldType::ddl).collect(Collectors.joining(", "));
  }
}
