/** What a metric is, and what it is computed of: predictions beside the truth, and their label. */
@NullMarked
package sluice.evaluation.metric;

import org.jspecify.annotations.NullMarked;
