/** The command line: arguments in, a job run, an exit code out. */
@NullMarked
package sluice.cli;

import org.jspecify.annotations.NullMarked;
