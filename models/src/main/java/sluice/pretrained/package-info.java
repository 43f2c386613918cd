/** Encoders whose weights others have trained. */
@NullMarked
package sluice.pretrained;

import org.jspecify.annotations.NullMarked;
