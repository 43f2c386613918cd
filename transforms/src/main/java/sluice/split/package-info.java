/** Which row belongs to train, validation and test. */
@NullMarked
package sluice.split;

import org.jspecify.annotations.NullMarked;
