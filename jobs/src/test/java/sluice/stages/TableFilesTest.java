package sluice.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.config.PredictSettings.Format;
import sluice.ingest.Ingest;
import sluice.testing.FileSettings;
import sluice.testing.LocalSpark;

class TableFilesTest {
  private static final String SCHEMA = "t TIMESTAMP, n TIMESTAMP_NTZ, d DATE";

  @TempDir Path dir = Path.of("");

  private static Dataset<Row> times(String... more) {
    return LocalSpark.session()
        .sql(
            """
            select timestamp'2014-06-19 07:00:00 America/New_York' as t,
              timestamp_ntz'2014-06-19 07:00:00.000001' as n, date'2014-06-19' as d
            union all select timestamp'9999-12-31 23:59:59.999999Z',
              timestamp_ntz'0001-01-01 00:00:00', date'9999-12-31'
            union all select null, null, null
            """)
        .coalesce(1)
        .selectExpr(
            Stream.concat(Stream.of("t", "n", "d"), Stream.of(more)).toArray(String[]::new));
  }

  private List<String> written(Dataset<Row> rows, Format format) throws IOException {
    Path folder = dir.resolve(format.name());
    TableFiles.write(rows, new org.apache.hadoop.fs.Path(folder.toString()), format);
    try (Stream<Path> files = Files.list(folder)) {
      return Files.readAllLines(
          files.filter(file -> file.getFileName().toString().startsWith("part-")).toList().get(0));
    }
  }

  @Test
  void timesAreOfIso8601InCsvAndJson() throws IOException {
    Dataset<Row> rows =
        times("if(t is null, null, array(t)) as ts", "if(n is null, null, 1.5) as x");
    assertThat(written(rows, Format.CSV))
        .containsExactly(
            "t,n,d,ts,x",
            "2014-06-19T11:00:00.000000Z,2014-06-19T07:00:00.000001,2014-06-19,"
                + "\"[\"\"2014-06-19T11:00:00.000000Z\"\"]\",1.5",
            "9999-12-31T23:59:59.999999Z,0001-01-01T00:00:00.000000,9999-12-31,"
                + "\"[\"\"9999-12-31T23:59:59.999999Z\"\"]\",1.5",
            ",,,,");
    assertThat(written(rows, Format.JSON))
        .containsExactly(
            "{\"t\":\"2014-06-19T11:00:00.000000Z\",\"n\":\"2014-06-19T07:00:00.000001\","
                + "\"d\":\"2014-06-19\",\"ts\":[\"2014-06-19T11:00:00.000000Z\"],\"x\":1.5}",
            "{\"t\":\"9999-12-31T23:59:59.999999Z\",\"n\":\"0001-01-01T00:00:00.000000\","
                + "\"d\":\"9999-12-31\",\"ts\":[\"9999-12-31T23:59:59.999999Z\"],\"x\":1.5}",
            "{\"t\":null,\"n\":null,\"d\":null,\"ts\":null,\"x\":null}");
  }

  /** Whatever zone the source's times without one are of. */
  @Test
  void ingestReadsTheSameTimesBack() {
    for (Format format : List.of(Format.CSV, Format.JSON)) {
      Path folder = dir.resolve(format.name());
      TableFiles.write(times(), new org.apache.hadoop.fs.Path(folder.toString()), format);
      Map<String, String> options =
          format == Format.CSV
              ? Map.of("header", "true", "timeZone", "America/New_York")
              : Map.of("timeZone", "America/New_York");
      Dataset<Row> read =
          Ingest.read(
                  LocalSpark.session(),
                  FileSettings.of(
                      format.name().toLowerCase(java.util.Locale.ROOT),
                      List.of(folder.toString()),
                      options,
                      SCHEMA,
                      0,
                      null))
              .rows();
      assertThat(read.select("t", "n", "d").collectAsList())
          .as(format.name())
          .containsExactlyInAnyOrderElementsOf(times().collectAsList());
    }
  }
}
