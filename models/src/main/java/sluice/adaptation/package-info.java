/** How a training starts from another: it goes on, or a network is fine-tuned for another label. */
@NullMarked
package sluice.adaptation;

import org.jspecify.annotations.NullMarked;
