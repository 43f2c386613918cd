/** From configuration files to validated records: reading, hashing, and keeping secrets. */
@NullMarked
package sluice.config;

import org.jspecify.annotations.NullMarked;
