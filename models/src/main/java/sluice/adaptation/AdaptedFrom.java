package sluice.adaptation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fine-tuned network was adapted from.
 *
 * @param sha256 of the former network
 * @param inputs the feature groups whose fitted steps were taken over
 * @param taken the layers whose parameters were
 * @param frozen those of them that did not learn
 * @param adapted those of them with low-rank adapters, which were merged
 * @param fresh what was new, each with the reason
 * @param general whether it had learned of far more data, see {@link Pretrained#isGeneral}; null in
 *     bundles from before that was known
 */
public record AdaptedFrom(
    String sha256,
    List<String> inputs,
    List<String> taken,
    List<String> frozen,
    List<String> adapted,
    List<String> fresh,
    @Nullable Boolean general) {
  public AdaptedFrom {
    inputs = List.copyOf(inputs);
    taken = List.copyOf(taken);
    frozen = List.copyOf(frozen);
    adapted = List.copyOf(adapted);
    fresh = List.copyOf(fresh);
  }
}
