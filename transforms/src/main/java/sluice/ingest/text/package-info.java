/**
 * What the bytes of one file of text say: encodings, detected or named, and mails. It knows nothing
 * of sources and of Spark, and {@code sluice.ingest} puts it to work.
 */
@NullMarked
package sluice.ingest.text;

import org.jspecify.annotations.NullMarked;
