/**
 * Networks compiled to a list of kernels over memory of their own: what trains and predicts on
 * processors.
 */
@NullMarked
package sluice.network.compiled;

import org.jspecify.annotations.NullMarked;
