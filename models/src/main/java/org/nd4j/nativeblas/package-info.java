/** What Deeplearning4j looks for by name in this package and its own jars do not have. */
@NullMarked
package org.nd4j.nativeblas;

import org.jspecify.annotations.NullMarked;
