package sluice.pretrained;

import sluice.network.layers.SeriesPooling;

/** What one vector an encoder makes of those of a text's tokens. */
public enum Pooling {
  /** Their mean. */
  MEAN(SeriesPooling.Kind.MEAN),
  /** That of the first token, {@code [CLS]}. */
  FIRST(SeriesPooling.Kind.FIRST);

  private final SeriesPooling.Kind kind;

  Pooling(SeriesPooling.Kind kind) {
    this.kind = kind;
  }

  SeriesPooling.Kind kind() {
    return kind;
  }
}
