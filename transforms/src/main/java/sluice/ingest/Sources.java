package sluice.ingest;

import sluice.data.NamedTypes;

/** The sources there are, by the name that stands in {@code format}. */
public final class Sources {
  /** Files of CSV; a header must be the schema's names. */
  public static final Source CSV = new CsvSource();

  /** Pictures and labels as MNIST has them. */
  public static final Source IDX = new IdxSource();

  /** Files of JSON. */
  public static final Source JSON = new JsonSource();

  /** Files of Parquet. */
  public static final Source PARQUET = new ParquetSource();

  public static final NamedTypes<Source> TYPES =
      NamedTypes.of(Source.class)
          .with("csv", CsvSource.class)
          .with("folders", FoldersSource.class)
          .with("idx", IdxSource.class)
          .with("json", JsonSource.class)
          .with("lines", LinesSource.class)
          .with("mail", MailSource.class)
          .with("parallel", ParallelSource.class)
          .with("parquet", ParquetSource.class)
          .withExtensions();

  private Sources() {}
}
