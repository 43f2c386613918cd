/** What a network is, apart from how it is trained: specifications, inputs, targets, prediction. */
@NullMarked
package sluice.network;

import org.jspecify.annotations.NullMarked;
