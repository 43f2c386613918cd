/** What a training has come to, and how it is kept and resumed. */
@NullMarked
package sluice.training.checkpoint;

import org.jspecify.annotations.NullMarked;
