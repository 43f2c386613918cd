package sluice.adaptation;

import java.util.List;

/**
 * What a fine-tuned network was adapted from.
 *
 * @param sha256 of the former network
 * @param inputs the feature groups whose fitted steps were taken over
 * @param taken the layers whose parameters were
 * @param frozen those of them that did not learn
 * @param adapted those of them with low-rank adapters, which were merged
 * @param fresh what was new, each with the reason
 */
public record AdaptedFrom(
    String sha256,
    List<String> inputs,
    List<String> taken,
    List<String> frozen,
    List<String> adapted,
    List<String> fresh) {
  public AdaptedFrom {
    inputs = List.copyOf(inputs);
    taken = List.copyOf(taken);
    frozen = List.copyOf(frozen);
    adapted = List.copyOf(adapted);
    fresh = List.copyOf(fresh);
  }
}
