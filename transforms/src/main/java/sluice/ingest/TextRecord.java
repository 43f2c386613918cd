package sluice.ingest;

import org.jspecify.annotations.Nullable;

/**
 * The text of a record.
 *
 * @param line the record's first, from 1 where the reading began
 * @param fault why it is malformed, if that is known from where it was cut; null where its text
 *     tells
 */
record TextRecord(long line, String text, @Nullable String fault) {}
