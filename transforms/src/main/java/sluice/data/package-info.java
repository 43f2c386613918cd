/** What data is: values, records, contracts, keys and digests, with and without Spark. */
@NullMarked
package sluice.data;

import org.jspecify.annotations.NullMarked;
