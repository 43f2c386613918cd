package sluice.ingest.text;

import org.jspecify.annotations.Nullable;

/**
 * Bytes as a text.
 *
 * @param text without a byte order mark; of bytes that are no text, how they may begin
 * @param encoding the name of the encoding
 * @param fault why the bytes are no text, for people; null if they are
 */
public record Decoded(String text, String encoding, @Nullable String fault) {}
