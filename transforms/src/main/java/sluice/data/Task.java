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
  REGRESSION,
  /** One of some tags for each step of a series. */
  @JsonProperty("tags")
  @JsonAlias("TAGS")
  TAGS;

  /** Whether it is one of some classes for each example. */
  public boolean isOfClasses() {
    return this == BINARY || this == MULTICLASS;
  }

  /** The name that users meet. */
  @Override
  public String toString() {
    return switch (this) {
      case BINARY -> "binary";
      case MULTICLASS -> "multiclass";
      case REGRESSION -> "regression";
      case TAGS -> "tags";
    };
  }
}
