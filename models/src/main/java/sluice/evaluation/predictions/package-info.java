/** From what models put out to predictions beside the truth. */
@NullMarked
package sluice.evaluation.predictions;

import org.jspecify.annotations.NullMarked;
