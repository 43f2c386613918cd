/**
 * Files of any supported format to raw rows with keys; what cannot be read goes to quarantine. What
 * the bytes of a text mean is known to {@code sluice.ingest.text}.
 */
@NullMarked
package sluice.ingest;

import org.jspecify.annotations.NullMarked;
