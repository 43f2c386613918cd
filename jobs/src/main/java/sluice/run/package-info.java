/** The run directory: stages, immutable attempts, pointers, manifests, the lease and the ledger. */
@NullMarked
package sluice.run;

import org.jspecify.annotations.NullMarked;
