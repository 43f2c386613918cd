package sluice.jobs;

import java.time.InstantSource;
import org.apache.spark.sql.SparkSession;
import sluice.config.PipelineConfig;

/**
 * What a job runs in. Belongs to the driver and is never serialised.
 *
 * @param spark the session, open until the job has ended
 * @param config the configuration, validated
 * @param rerun what to do about a stage whose output is already there
 * @param clock the time
 * @param progress what the user watches
 */
public record JobContext(
    SparkSession spark,
    PipelineConfig config,
    Rerun rerun,
    InstantSource clock,
    Progress progress) {}
