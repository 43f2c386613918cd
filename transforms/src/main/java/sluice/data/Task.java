package sluice.data;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What a model is asked for of each example. */
public enum Task {
  /** One of two classes, one of which is called positive. */
  @JsonProperty("binary")
  @JsonAlias("BINARY")
  BINARY,
  /** One of three or more classes. */
  @JsonProperty("multiclass")
  @JsonAlias("MULTICLASS")
  MULTICLASS,
  /** A number. */
  @JsonProperty("regression")
  @JsonAlias("REGRESSION")
  REGRESSION;

  /** Whether it is one of some classes. */
  public boolean isOfClasses() {
    return this != REGRESSION;
  }

  /** The name that users meet. */
  @Override
  public String toString() {
    return switch (this) {
      case BINARY -> "binary";
      case MULTICLASS -> "multiclass";
      case REGRESSION -> "regression";
    };
  }
}
