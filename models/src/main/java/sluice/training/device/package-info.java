/** What a step is computed on: processors, or GPUs that Spark hands out. */
@NullMarked
package sluice.training.device;

import org.jspecify.annotations.NullMarked;
