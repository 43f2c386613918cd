/** Files of any supported format to raw rows with keys; what cannot be read goes to quarantine. */
@NullMarked
package sluice.ingest;

import org.jspecify.annotations.NullMarked;
