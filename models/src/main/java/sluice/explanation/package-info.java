/** Why a network predicts what it predicts. */
@NullMarked
package sluice.explanation;

import org.jspecify.annotations.NullMarked;
