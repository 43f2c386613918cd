package sluice.data;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of settings whose key may be {@code auto}: then it is null, and its value is made of
 * the data. It must be {@code Nullable} too.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Auto {
  /** What a configuration says. */
  String TEXT = "auto";
}
