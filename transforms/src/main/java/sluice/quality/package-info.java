/** What data looks like, and whether there is enough of it. */
@NullMarked
package sluice.quality;

import org.jspecify.annotations.NullMarked;
