/** Row-wise rules: what changes a row, what rejects it, and why. */
@NullMarked
package sluice.clean;

import org.jspecify.annotations.NullMarked;
