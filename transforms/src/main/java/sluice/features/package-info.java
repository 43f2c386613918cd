/** What an example is: the tensors that a network takes and those that it should give. */
@NullMarked
package sluice.features;

import org.jspecify.annotations.NullMarked;
