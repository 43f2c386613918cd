/** Steps that learn from the train rows and turn raw columns into features, in two faces. */
@NullMarked
package sluice.normalise;

import org.jspecify.annotations.NullMarked;
