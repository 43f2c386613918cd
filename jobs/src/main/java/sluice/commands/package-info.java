/** What is done with runs and bundles that are there: compare, show, promote, prune. */
@NullMarked
package sluice.commands;

import org.jspecify.annotations.NullMarked;
