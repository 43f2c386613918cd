/** Layers and updaters that compute in fewer passes what Deeplearning4j's do, for training. */
@NullMarked
package sluice.network.lean;

import org.jspecify.annotations.NullMarked;
