package sluice.augment;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.normalise.FittedPreprocessing;

/**
 * The train rows as they were before they became features.
 *
 * @param rows with {@link sluice.data.DatasetContract#KEY}, {@link
 *     sluice.data.DatasetContract#PART} and the cleaned columns
 * @param preprocessing what makes features of them
 */
public record TrainRows(Dataset<Row> rows, FittedPreprocessing preprocessing) {}
