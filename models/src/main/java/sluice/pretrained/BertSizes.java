package sluice.pretrained;

/**
 * The sizes of a BERT encoder, and what else decides how it computes.
 *
 * @param layers of attention and two connected layers
 * @param width of a token
 * @param heads of attention
 * @param hidden the width between the connected layers
 * @param vocabulary how many tokens there are
 * @param positions steps that a text may have
 * @param segments how many there are, also called token types
 * @param epsilon what is added to variances
 */
public record BertSizes(
    int layers,
    int width,
    int heads,
    int hidden,
    int vocabulary,
    int positions,
    int segments,
    double epsilon) {}
