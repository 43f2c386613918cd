/** Rules for texts: what normalises, strips and masks them, and what rejects them. */
@NullMarked
package sluice.clean.text;

import org.jspecify.annotations.NullMarked;
