package sluice.training.examples;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Examples of a {@link MultiDataSet}, masks included, as plain arrays. */
public final class PortableMinibatch implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int examples;
  private final PortableArray[] features;
  private final PortableArray[] labels;
  private final @Nullable PortableArray @Nullable [] featuresMasks;
  private final @Nullable PortableArray @Nullable [] labelsMasks;

  /**
   * @param from the first example
   * @param to behind the last
   */
  PortableMinibatch(MultiDataSet examples, long from, long to) {
    this.examples = Math.toIntExact(to - from);
    this.features = all(examples.getFeatures(), from, to);
    this.labels = all(examples.getLabels(), from, to);
    this.featuresMasks = some(examples.getFeaturesMaskArrays(), from, to);
    this.labelsMasks = some(examples.getLabelsMaskArrays(), from, to);
  }

  /** The examples of several in one; at least one. */
  static PortableMinibatch joined(List<PortableMinibatch> pieces) {
    if (pieces.size() == 1) {
      return pieces.get(0);
    }
    List<MultiDataSet> sets = pieces.stream().map(PortableMinibatch::arrays).toList();
    MultiDataSet whole = org.nd4j.linalg.dataset.MultiDataSet.merge(sets);
    return new PortableMinibatch(whole, 0, whole.getFeatures(0).size(0));
  }

  int examples() {
    return examples;
  }

  /** New arrays of the examples. */
  MultiDataSet arrays() {
    return new org.nd4j.linalg.dataset.MultiDataSet(
        arrays(features), arrays(labels), masks(featuresMasks), masks(labelsMasks));
  }

  private static PortableArray[] all(INDArray[] arrays, long from, long to) {
    PortableArray[] portable = new PortableArray[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      portable[i] = new PortableArray(arrays[i], from, to);
    }
    return portable;
  }

  private static @Nullable PortableArray @Nullable [] some(
      @Nullable INDArray @Nullable [] arrays, long from, long to) {
    if (arrays == null) {
      return null;
    }
    @Nullable PortableArray[] portable = new PortableArray[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      INDArray array = arrays[i];
      portable[i] = array == null ? null : new PortableArray(array, from, to);
    }
    return portable;
  }

  private static INDArray[] arrays(PortableArray[] portable) {
    INDArray[] arrays = new INDArray[portable.length];
    for (int i = 0; i < portable.length; i++) {
      arrays[i] = portable[i].array();
    }
    return arrays;
  }

  private static @Nullable INDArray @Nullable [] masks(
      @Nullable PortableArray @Nullable [] portable) {
    if (portable == null) {
      return null;
    }
    @Nullable INDArray[] arrays = new INDArray[portable.length];
    for (int i = 0; i < portable.length; i++) {
      PortableArray array = portable[i];
      arrays[i] = array == null ? null : array.array();
    }
    return arrays;
  }
}
