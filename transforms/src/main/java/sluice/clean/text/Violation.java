package sluice.clean.text;

/**
 * What speaks against a text.
 *
 * @param heuristic that does not hold, as in {@code word count at least 50}
 * @param text with the value, to follow the text in a sentence
 */
public record Violation(String heuristic, String text) {}
