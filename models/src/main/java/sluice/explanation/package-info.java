/** Why models predict what they predict. */
@NullMarked
package sluice.explanation;

import org.jspecify.annotations.NullMarked;
