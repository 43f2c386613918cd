/** Added examples for the train part. */
@NullMarked
package sluice.augment;

import org.jspecify.annotations.NullMarked;
