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
  TAGS,
  /** Any of some names for each example: a set, maybe of none. */
  @JsonProperty("multilabel")
  @JsonAlias("MULTILABEL")
  MULTILABEL;

  /** Whether it is one of some classes for each example. */
  public boolean isOfClasses() {
    return this == BINARY || this == MULTICLASS;
  }

  /** Whether the label of an example is a list of indices: of its tags, or of the names it has. */
  public boolean isOfIndices() {
    return this == TAGS || this == MULTILABEL;
  }

  /** The name that users meet. */
  @Override
  public String toString() {
    return switch (this) {
      case BINARY -> "binary";
      case MULTICLASS -> "multiclass";
      case REGRESSION -> "regression";
      case TAGS -> "tags";
      case MULTILABEL -> "multilabel";
    };
  }
}
