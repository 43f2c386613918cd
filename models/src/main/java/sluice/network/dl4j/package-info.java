/** Networks that a user configured in Deeplearning4j: reading, checking and fitting them. */
@NullMarked
package sluice.network.dl4j;

import org.jspecify.annotations.NullMarked;
