package sluice.explanation;

/**
 * What a token of a text does to a prediction.
 *
 * @param text the feature group that the text became
 * @param token the token; of an index without a name its number
 * @param effect how much greater the prediction is with the token than without it, the mean of the
 *     rows that have it
 * @param rows how many rows have it
 */
public record TokenEffect(String text, String token, double effect, long rows) {}
