/** A trained network together with the preprocessing that it was trained with, and its scoring. */
@NullMarked
package sluice.bundle;

import org.jspecify.annotations.NullMarked;
