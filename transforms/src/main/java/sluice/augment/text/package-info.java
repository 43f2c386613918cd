/** Augmenters of texts. */
@NullMarked
package sluice.augment.text;

import org.jspecify.annotations.NullMarked;
