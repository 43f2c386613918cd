/** Networks as an encoder for each input, a combiner, and a decoder for what is predicted. */
@org.jspecify.annotations.NullMarked
package sluice.network.spec;
