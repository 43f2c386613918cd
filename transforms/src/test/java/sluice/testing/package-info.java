/** What the tests of every module share. */
@NullMarked
package sluice.testing;

import org.jspecify.annotations.NullMarked;
