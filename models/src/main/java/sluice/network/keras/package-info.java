/** Networks that a user configured in Keras: reading its files, and turning them into DL4J's. */
@NullMarked
package sluice.network.keras;

import org.jspecify.annotations.NullMarked;
