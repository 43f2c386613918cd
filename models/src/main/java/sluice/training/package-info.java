/** Training across executors by parameter averaging. */
@NullMarked
package sluice.training;

import org.jspecify.annotations.NullMarked;
