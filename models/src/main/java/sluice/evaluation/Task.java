package sluice.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a network is asked for. */
public enum Task {
  /** One of two classes, one of which is called positive. */
  @JsonProperty("binary")
  BINARY,
  /** One of three or more classes. */
  @JsonProperty("multiclass")
  MULTICLASS,
  /** A number. */
  @JsonProperty("regression")
  REGRESSION;

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
