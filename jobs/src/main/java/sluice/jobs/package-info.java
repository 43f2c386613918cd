/** The jobs: each reads, transforms, checks and publishes; and what they run in. */
@NullMarked
package sluice.jobs;

import org.jspecify.annotations.NullMarked;
