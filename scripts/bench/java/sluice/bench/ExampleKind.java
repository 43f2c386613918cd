package sluice.bench;

import java.util.List;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;

/** What the examples of a benchmark are; each has one of {@link LabelledExamples#CLASSES} labels. */
enum ExampleKind {
  /** MNIST's: 28 by 28 pixels. */
  DIGITS("images-idx3-ubyte", 1, 28, 28),

  /** As large as CIFAR's: 3 channels of 32 by 32 pixels. They are drawn, and nothing is on them. */
  PICTURES("images-idx4-ubyte", 3, 32, 32),

  /** Series of indices, all of the same length. They are drawn. */
  TOKENS("tokens-idx2-int", 64),

  /** The same, but that a series has at least half of that length; the rest is zeros. */
  SENTENCES("tokens-idx2-int", 64);

  /** Indices of tokens are below this. */
  static final int VOCABULARY = 8192;

  /** The name of the file that has the values, behind that of the part. */
  final String file;

  private final List<Integer> shape;

  ExampleKind(String file, Integer... shape) {
    this.file = file;
    this.shape = List.of(shape);
  }

  boolean isSeries() {
    return shape.size() == 1;
  }

  List<Integer> shape() {
    return shape;
  }

  /** How many values an example has; of a series at most. */
  int width() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The tensor that the examples are. */
  TensorSpec tensor() {
    return isSeries()
        ? TensorSpec.of(
            "tokens",
            Element.INDEX,
            List.of(Axis.VARYING),
            List.of(),
            List.of(VOCABULARY),
            List.of(List.of()))
        : TensorSpec.of("image", Element.FLOAT32, shape, List.of(), List.of(), List.of());
  }
}
