/** Texts cut into tokens, by rules of Unicode and dictionaries that come with Sluice. */
@NullMarked
package sluice.text;

import org.jspecify.annotations.NullMarked;
