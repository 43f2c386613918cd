/** Whether data is good enough to learn from. */
@NullMarked
package sluice.quality;

import org.jspecify.annotations.NullMarked;
