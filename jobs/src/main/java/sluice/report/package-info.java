/** The page that a run ends with: one self-contained HTML file, from a model of its own. */
@NullMarked
package sluice.report;

import org.jspecify.annotations.NullMarked;
