/** The stages of a run: what each makes of the ones before. */
@NullMarked
package sluice.stages;

import org.jspecify.annotations.NullMarked;
