/** Order-independent statistics: exact sums and exact order statistics that merge. Plain Java. */
@NullMarked
package sluice.statistics;

import org.jspecify.annotations.NullMarked;
