package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.io.compress.SnappyCodec;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.testing.FileSettings;
import sluice.testing.LocalSpark;

/** Files with odd names, in odd places, and broken ones: each is read, or named with the reason. */
class OddFilesTest {
  private static final Map<String, String> HEADER = Map.of("header", "true");

  @TempDir Path dir = Path.of("");

  private static final List<String> NAMES =
      List.of("10:00.csv", "_c.csv", ".c.csv", "a b%20#.csv", "a\\[*?{.csv", "e\u0301\n\u65e5.csv");

  @ParameterizedTest
  @ValueSource(strings = {"csv", "multiLine csv", "json", "multiLine json", "parquet"})
  void filesOfAnyNamesAreRead(String format) throws IOException {
    String[] words = format.split(" ", -1);
    String kind = words[words.length - 1];
    byte[] content =
        switch (kind) {
          case "csv" -> "a,b\n1,x\n2,oops\n,z\nbad,z\n".getBytes(StandardCharsets.UTF_8);
          case "json" ->
              "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n{\"a\":\"bad\"}\n"
                  .getBytes(StandardCharsets.UTF_8);
          default -> parquet();
        };
    List<Path> files = new ArrayList<>();
    for (String name : NAMES) {
      files.add(Files.write(dir.resolve(name), content));
    }
    Map<String, String> options =
        words.length == 2 ? Map.of("header", "true", "multiLine", "true") : HEADER;
    Ingested ingested =
        read(
            settings(
                kind,
                kind.equals("csv") ? options : without(options),
                "a INT, b STRING",
                files.toArray(Path[]::new)));
    assertThat(ingested.rows().select("_source", "a", "b").collectAsList())
        .containsAll(files.stream().map(file -> row(file.toString(), 1, "x")).toList());
    assertThat(ingested.quarantined().select("_source").collectAsList())
        .containsExactlyInAnyOrderElementsOf(
            kind.equals("parquet")
                ? List.of()
                : files.stream().map(file -> row(file.toString())).toList());
  }

  /** A file with the row of 1 and x. */
  private byte[] parquet() throws IOException {
    Path folder = dir.resolve("plain");
    LocalSpark.session()
        .sql("select 1 as a, 'x' as b")
        .coalesce(1)
        .write()
        .parquet(folder.toString());
    try (Stream<Path> parts = Files.list(folder)) {
      return Files.readAllBytes(
          parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
  }

  private static Map<String, String> without(Map<String, String> options) {
    return options.containsKey("multiLine") ? Map.of("multiLine", "true") : Map.of();
  }

  /** As gzip itself does. */
  @Test
  void zerosBehindGzipArePassedOver() throws IOException {
    byte[] whole = compressed("gz", "1\n2\n");
    byte[] padded = join(whole, new byte[100_000]);
    Path file = Files.write(dir.resolve("padded.csv.gz"), padded);
    Path more = Files.write(dir.resolve("more.csv.gz"), join(padded, whole));
    Path junk = Files.write(dir.resolve("junk.csv.gz"), join(whole, new byte[] {0x1F, 'x'}));
    Ingested ingested = read(settings("csv", Map.of(), "a INT", file, more, junk));
    assertThat(ingested.rows().select("_source", "a").orderBy("a").collectAsList())
        .containsExactly(row(file.toString(), 1), row(file.toString(), 2));
    String reason = "cannot be decompressed to its end: more than zeros behind the last stream";
    assertThat(ingested.quarantined().orderBy("_source").collectAsList())
        .containsExactly(
            row(junk.toString(), null, null, reason), row(more.toString(), null, null, reason));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 15})
  void gzipThatIsCutShortSaysSoOnce(int left) throws IOException {
    byte[] whole = compressed("gz", "1\n2\n");
    Path file = Files.write(dir.resolve("cut.gz"), join(whole, Arrays.copyOf(whole, left)));
    try (InputStream bytes = SourceFiles.open(file.toUri().toString(), new Configuration())) {
      assertThatThrownBy(bytes::readAllBytes)
          .isInstanceOf(EOFException.class)
          .hasMessage("Unexpected end of input stream")
          .cause()
          .hasNoCause();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "zst", "deflate", "snappy"})
  void aFileThatDoesNotDecompressToItsEndIsOneRecord(String kind) throws IOException {
    String rows = "a\n" + "1\n".repeat(20_000);
    byte[] content = compressed(kind, rows);
    byte[] text = rows.getBytes(StandardCharsets.UTF_8);
    Path good = Files.writeString(dir.resolve("good.csv"), "a\n7\n");
    Path whole = Files.write(dir.resolve("whole.csv." + kind), content);
    Path twice =
        Files.write(
            dir.resolve("two streams.csv." + kind), join(content, compressed(kind, "2\n3\n")));
    Map<String, byte[]> broken =
        Map.of(
            "cut", Arrays.copyOf(content, content.length - 5),
            "half", Arrays.copyOf(content, content.length / 2),
            "head", Arrays.copyOf(content, 3),
            "not compressed", text,
            "junk", join(content, "junk".getBytes(StandardCharsets.UTF_8)));
    List<Path> files = new ArrayList<>(List.of(good, whole, twice));
    List<String> named = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : broken.entrySet()) {
      Path path = dir.resolve(file.getKey() + ".csv." + kind);
      files.add(Files.write(path, file.getValue()));
      named.add(path.toString());
    }
    for (String multiLine : List.of("false", "true")) {
      Ingested ingested =
          read(
              settings(
                  "csv",
                  Map.of("header", "true", "multiLine", multiLine),
                  "a INT",
                  files.toArray(Path[]::new)));
      List<Row> quarantined = ingested.quarantined().collectAsList();
      assertThat(quarantined)
          .extracting(row -> row.getString(0))
          .containsExactlyInAnyOrderElementsOf(named);
      assertThat(quarantined)
          .allSatisfy(
              row -> {
                assertThat(row.isNullAt(1) && row.isNullAt(2)).isTrue();
                assertThat(row.getString(3)).startsWith("cannot be decompressed to its end: ");
              });
      assertThat(ingested.notes())
          .containsExactlyInAnyOrderElementsOf(
              quarantined.stream()
                  .map(
                      row ->
                          "in quarantine as a whole: " + row.getString(0) + ": " + row.getString(3))
                  .toList());
      assertThat(ingested.rows().groupBy("_source").count().collectAsList())
          .as(multiLine)
          .containsExactlyInAnyOrder(
              row(good.toString(), 1L),
              row(whole.toString(), 20_000L),
              row(twice.toString(), 20_002L));
      assertThat(ingested.rows().filter("a > 3").select("a").collectAsList())
          .containsExactly(row(7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "zst"})
  void aCompressedFileIsToldByItsNameInAnyCase(String kind) throws IOException {
    byte[] content = compressed(kind, "a\n1\n2\nx\n");
    Path file = Files.write(dir.resolve("UP.CSV." + kind.toUpperCase(Locale.ROOT)), content);
    Map<String, String> header = Map.of("header", "true");
    Ingested ingested = read(settings("csv", header, "a INT", file));
    assertThat(ingested.rows().select("a").orderBy("a").collectAsList())
        .containsExactly(row(1), row(2));
    assertThat(ingested.quarantined().collectAsList())
        .containsExactly(row(file.toString(), 4L, "x", "a: \"x\" is no int"));
    Path twice = Files.write(dir.resolve("y.csv.gz"), compressed("gz", content));
    for (String format : List.of("csv", "json")) {
      Path other = Files.write(dir.resolve("x." + format), content);
      for (String multiLine : List.of("false", "true")) {
        Map<String, String> options = Map.of("multiLine", multiLine);
        assertThatThrownBy(() -> read(settings(format, options, "a INT", other, twice)))
            .isInstanceOf(InvalidInput.class)
            .hasMessage(
                """
                %s: cannot be read: is compressed, but its name does not end in .%s
                %s: cannot be read: is compressed twice: decompressed once, it is still .%2$s"""
                    .replace("%2$s", kind),
                other,
                kind,
                twice);
      }
    }
  }

  @Test
  void aFileThatCannotBeReadIsClosed() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", CountingFiles.class, FileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    byte[] text = "a\n1\n".getBytes(StandardCharsets.UTF_8);
    byte[] gzip = compressed("gz", text);
    for (Map.Entry<String, byte[]> file :
        Map.of("x.gz", text, "x.bz2", text, "x.zst", text, "x.csv", gzip, "y.gz", gzip)
            .entrySet()) {
      Path path = Files.write(dir.resolve(file.getKey()), file.getValue());
      String address = path.toUri().toString();
      if (file.getKey().equals("y.gz")) {
        SourceFiles.openText(address, hadoop).close();
      } else {
        assertThatThrownBy(() -> SourceFiles.openText(address, hadoop))
            .isInstanceOf(IOException.class);
      }
      assertThat(CountingFiles.OPEN).as(file.getKey()).isEmpty();
    }
    assertThat(CountingFiles.OPENED).hasValue(5);
  }

  /** Local files, of which it is known which are open. */
  public static final class CountingFiles extends RawLocalFileSystem {
    private static final AtomicInteger OPENED = new AtomicInteger();
    private static final Set<InputStream> OPEN = ConcurrentHashMap.newKeySet();

    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path path, int buffer) throws IOException {
      OPENED.incrementAndGet();
      FSDataInputStream bytes =
          new FSDataInputStream(super.open(path, buffer)) {
            @Override
            public void close() throws IOException {
              OPEN.remove(this);
              super.close();
            }
          };
      OPEN.add(bytes);
      return bytes;
    }
  }

  @Test
  void emptyAndCompressedEmptyFilesHoldNoRows() throws IOException {
    Path good = Files.writeString(dir.resolve("good.csv"), "7\n");
    Path empty = Files.write(dir.resolve("empty.csv.gz"), new byte[0]);
    Path nothing = Files.write(dir.resolve("nothing.csv.gz"), compressed("gz", ""));
    Ingested ingested = read(settings("csv", Map.of(), "a INT", good, empty, nothing));
    assertThat(ingested.rows().select("a").collectAsList()).containsExactly(row(7));
    assertThat(ingested.quarantined().count()).isZero();
    assertThat(ingested.notes()).containsExactly("passed over: 1 empty file (" + empty + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "parquet"})
  void aFileWithoutAByteIsPassedOverInEveryFormat(String format) throws IOException {
    Path folder = dir.resolve("in");
    LocalSpark.session()
        .range(1)
        .selectExpr("7 a")
        .coalesce(1)
        .write()
        .format(format)
        .option("header", true)
        .save(folder.toString());
    Path empty = Files.createFile(folder.resolve("empty." + format));
    Ingested ingested =
        read(
            settings(
                format,
                format.equals("csv") ? Map.of("header", "true") : Map.of(),
                "a INT",
                folder));
    assertThat(ingested.rows().select("a").collectAsList()).containsExactly(row(7));
    assertThat(ingested.quarantined().count()).isZero();
    assertThat(String.join("\n", ingested.notes())).contains("1 empty file (" + empty + ")");
  }

  @Test
  void anArchiveIsRefused() throws IOException {
    Path zip = Files.writeString(dir.resolve("a.csv.zip"), "PK");
    Path tar = Files.writeString(dir.resolve("b.tar.gz"), "x");
    String rule = ": must be plain text, or compressed as .gz, .bz2, .zst, .deflate or .snappy";
    assertThatThrownBy(() -> read(settings("csv", Map.of(), "a INT", zip, tar)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(zip + rule + "\n" + tar + rule);
    for (String name : List.of("c.tgz", "c.tar", "c.tar.zst", "c.csv.xz", "c.tar.xz", "c.csv.Z")) {
      Path archive = Files.writeString(dir.resolve(name), "x");
      assertThatThrownBy(() -> read(settings("csv", Map.of(), "a INT", archive)))
          .hasMessage(archive + rule);
    }
    for (String name : List.of("x.tar.csv", "x.tar.5", "tar", "zip")) {
      Path file = Files.writeString(dir.resolve(name), "7\n");
      assertThat(read(settings("csv", Map.of(), "a INT", file)).rows().count()).isEqualTo(1);
    }
  }

  @Test
  void aFileThatWasEditedBesideItsOldChecksumIsRead() throws IOException {
    Path folder = dir.resolve("out");
    LocalSpark.session()
        .range(3)
        .selectExpr("cast(id as int) a")
        .coalesce(1)
        .write()
        .csv(folder.toString());
    try (Stream<Path> parts = Files.list(folder)) {
      Path part = parts.filter(p -> p.toString().endsWith(".csv")).findFirst().orElseThrow();
      Files.writeString(part, "5\n6\n");
    }
    Ingested ingested = read(settings("csv", Map.of(), "a INT", folder));
    assertThat(ingested.rows().select("a").orderBy("a").collectAsList())
        .containsExactly(row(5), row(6));
    assertThat(ingested.notes()).hasSize(1);
    assertThat(ingested.notes().get(0)).startsWith("passed over: 3 hidden files (");
  }

  static Stream<Arguments> folders() {
    String own = "1 file has the column day, which is read, and not what the folder says";
    String inRecords =
        "1 file has the column day in records, which is read, and not what the folder says";
    return Stream.of(
        // the format; the options; the file's content; day and x of its row; the note
        Arguments.of("csv", HEADER, "day,x\n7,1\n", "7 1", own),
        Arguments.of("csv", HEADER, "x\n1\n", "5 1", ""),
        Arguments.of("csv", Map.of(), "7,1\n", "7 1", own),
        Arguments.of("csv", Map.of(), "1\n", "5 1", ""),
        Arguments.of("csv", HEADER, "day,x\n,1\n", "1", own),
        Arguments.of("json", Map.of(), "{\"day\":7,\"x\":1}\n", "7 1", inRecords),
        Arguments.of("json", Map.of(), "{\"day\":null,\"x\":1}\n", "1", inRecords),
        Arguments.of("json", Map.of(), "{\"x\":1}\n", "5 1", ""));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void theFilesColumnComesBeforeTheFoldersName(
      String format, Map<String, String> options, String content, String values, String note)
      throws IOException {
    Path file = dir.resolve("in/day=5/a." + format);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Ingested ingested = read(settings(format, options, "day INT, x INT", dir.resolve("in")));
    assertThat(ingested.rows().selectExpr("concat_ws(' ', day, x)").collectAsList())
        .containsExactly(row(values));
    assertThat(ingested.quarantined().count()).isZero();
    assertThat(ingested.notes()).isEqualTo(note.isEmpty() ? List.of() : List.of(note));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()).rows()).isEqualTo(1);
  }

  @Test
  void withoutAHeaderNoMalformedRecordDecidesForTheFolder() throws IOException {
    inFolder("in/day=5/a.csv", "1\n2,0.5\n3,0.7\n");
    inFolder("in/day=6/b.csv", "\"4\"x,0.5,7\n5,0.5,8\n6,0.5\n");
    Ingested ingested =
        read(settings("csv", Map.of(), "id INT, x DOUBLE, day INT", dir.resolve("in")));
    assertThat(ingested.rows().select("id", "day").orderBy("id").collectAsList())
        .containsExactly(row(2, 5), row(3, 5), row(5, 8));
    assertThat(
            ingested
                .quarantined()
                .select("_position")
                .orderBy("_source", "_position")
                .collectAsList())
        .containsExactly(row(1L), row(1L), row(3L));
    assertThat(ingested.notes())
        .containsExactly("1 file has the column day, which is read, and not what the folder says");
  }

  @Test
  void foldersGiveColumnsOfRowsToScore() throws IOException {
    String declared = "id INT, a INT, day INT, y INT";
    inFolder("csv/day=6/b.csv", "id,a\n1,2\n");
    inFolder("csv/day=7/c.csv", "day,id,a\n9,3,4\n");
    inFolder("json/day=6/b.json", "{\"id\":1,\"a\":2}\n");
    inFolder("json/day=7/c.json", "{\"day\":9,\"id\":3,\"a\":4}\n");
    for (int day : new int[] {6, 7}) {
      LocalSpark.session()
          .sql(day == 6 ? "select 1 as id, 2 as a" : "select 9 as day, 3 as id, 4 as a")
          .write()
          .parquet(dir.resolve("parquet/day=" + day).toString());
    }
    for (String format : List.of("csv", "json", "parquet")) {
      NewRows scored =
          toScore(
              settings(
                  format, format.equals("csv") ? HEADER : Map.of(), "day INT", dir.resolve(format)),
              declared);
      assertThat(scored.columns()).containsExactlyInAnyOrder("id", "a", "day");
      assertThat(
              scored
                  .rows()
                  .selectExpr("day", "string(id)", "string(a)")
                  .orderBy("day")
                  .collectAsList())
          .as(format)
          .containsExactly(row(6, "1", "2"), row(9, "3", "4"));
      assertThat(scored.quarantined().count()).isZero();
      assertThat(scored.notes().get())
          .filteredOn(note -> !note.startsWith("passed over"))
          .containsExactly(
              "1 file has the column day%s, which is read, and not what the folder says"
                  .formatted(format.equals("json") ? " in records" : ""));
    }
  }

  /** The columns id, a, b, day and y: by their number, and by the folder. */
  static Stream<Arguments> fields() {
    return Stream.of(
        Arguments.of("day=6/x.csv", "1,2,3,0", "1 2 3 6"),
        Arguments.of("day=6/x.csv", "1,2,3", "1 2 3 6"),
        Arguments.of("day=6/x.csv", "1,2,3,8,0", "1 2 3 8"),
        Arguments.of("x.csv", "1,2,3,8,0", "1 2 3 8"),
        Arguments.of("x.csv", "1,2,3,8", "1 2 3 8"),
        Arguments.of("x.csv", "1,2,3", ""));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aFileToScoreWithoutAHeaderHasTheDeclaredColumnsOrAllButTheLabel(
      String name, String content, String values) throws IOException {
    Path file = inFolder("new/" + name, content + "\n");
    IngestSettings settings =
        settings("csv", Map.of(), "id INT, a INT, b INT, day INT", dir.resolve("new"));
    String declared = "id INT, a INT, b INT, day INT, y INT";
    if (values.isEmpty()) {
      assertThatThrownBy(() -> toScore(settings, declared))
          .hasMessage(
              file
                  + ": 3 fields without a header, must be 5: [id, a, b, day, y] or 4: [id, a, b,"
                  + " day]");
    } else {
      assertThat(
              toScore(settings, declared)
                  .rows()
                  .selectExpr("concat_ws(' ', id, a, b, day)")
                  .collectAsList())
          .containsExactly(row(values));
    }
  }

  /**
   * The columns id, y (the label), a, b and c: a header, a record, and its values but for the
   * label, or the fault.
   */
  static Stream<Arguments> unnamed() {
    return Stream.of(
        Arguments.of(",y,a,b,c", "1,2,3,4,5", "1 3 4 5"),
        Arguments.of("id,,a, ,c", "1,2,3,4,5", "1 3 4 5"),
        Arguments.of("\"\",a,b,c", "1,3,4,5", "1 3 4 5"),
        Arguments.of("id,a,,c", "1,3,4,5", "1 3 4 5"),
        Arguments.of(",id,c,b,a", "9,1,5,4,3", "1 3 4 5"),
        Arguments.of("c,b,,id,y", "5,4,9,1,2", "no column a, there are [c, b, , id, y]"),
        Arguments.of("id,y,,c,b", "1,2,9,5,4", "no column a, there are [id, y, , c, b]"),
        Arguments.of("id,a,b,", "1,3,4,", "1 3 4 "),
        Arguments.of("id,a,,b", "1,3,9,4", "no column c, there are [id, a, , b]"),
        Arguments.of(",c,b,a", "1,5,4,3", "no column id, there are [, c, b, a]"));
  }

  @ParameterizedTest
  @MethodSource("unnamed")
  void aColumnToScoreWithoutANameHasTheSchemasWhereTheOtherNamesAreTheSchemas(
      String header, String record, String expected) throws IOException {
    Path file = inFolder("new.csv", header + "\n" + record + "\n");
    IngestSettings settings = settings("csv", HEADER, "id INT, a INT, b INT, c INT", file);
    String declared = "id INT, y INT, a INT, b INT, c INT";
    if (expected.startsWith("no column")) {
      assertThatThrownBy(() -> toScore(settings, declared)).hasMessage(file + ": " + expected);
    } else {
      assertThat(
              toScore(settings, declared)
                  .rows()
                  .selectExpr("concat_ws(' ', id, a, b, coalesce(string(c), ''))")
                  .collectAsList())
          .containsExactly(row(expected));
    }
  }

  @Test
  void foldersOfParquetAndSomeWithTheColumn() {
    LocalSpark.session()
        .sql("select 1 as x, date'2021-06-18' as d, 'a/b' as s union all select 2, null, 'c'")
        .write()
        .partitionBy("d", "s")
        .parquet(dir.resolve("in").toString());
    LocalSpark.session()
        .sql("select 3 as x, date'2020-01-01' as d, 'own' as s")
        .write()
        .parquet(dir.resolve("in/d=2022-02-02/s=z").toString());
    Ingested ingested =
        read(settings("parquet", Map.of(), "x INT, d DATE, s STRING", dir.resolve("in")));
    assertThat(ingested.rows().selectExpr("x", "string(d)", "s").orderBy("x").collectAsList())
        .containsExactly(
            row(1, "2021-06-18", "a/b"), row(2, null, "c"), row(3, "2020-01-01", "own"));
    assertThat(ingested.rows().columns()).containsExactly("_key", "_source", "x", "d", "s");
  }

  @Test
  void aFolderWhoseValueIsNotOfTheColumnsTypeIsNamed() throws IOException {
    for (String day : List.of("5", "five", "2021-02-30")) {
      Path file = dir.resolve("in/day=" + day + "/a.csv");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x\n1\n");
    }
    assertThatThrownBy(
            () -> read(settings("csv", HEADER, "x INT, day INT", dir.resolve("in"))).rows())
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            DIR/day=2021-02-30/a.csv: the folder day=2021-02-30 must give the column day a value that is int
            DIR/day=five/a.csv: the folder day=five must give the column day a value that is int"""
                .replace("DIR", dir + "/in"));
  }

  @Test
  void folderNamesThatTheSchemaDoesNotDeclareAreSaid() throws IOException {
    Path file = dir.resolve("in/day=5/a.csv");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x\n1\n");
    Ingested ingested = read(settings("csv", HEADER, "x INT", dir.resolve("in")));
    assertThat(ingested.rows().columns()).containsExactly("_key", "_source", "x");
    assertThat(ingested.notes())
        .containsExactly("folders give values to day, which the schema does not declare: not read");
  }

  @Test
  void aFileThatVanishesIsNamed() throws IOException {
    Path stays = Files.writeString(dir.resolve("a.csv"), "x\n1\n");
    Path goes = Files.writeString(dir.resolve("b.csv"), "x\n1\n");
    Ingested ingested = read(settings("csv", HEADER, "x INT", stays, goes));
    ingested.requireFiles();
    Presence toScore = toScore(settings("csv", HEADER, "x INT", stays, goes), "x INT").presence();
    IllegalStateException failure = new IllegalStateException("a failure of its own");
    assertThatThrownBy(() -> toScore.during(() -> fail(failure))).isSameAs(failure);
    Files.delete(goes);
    String gone = goes + ": was there when the files were listed, and is gone";
    assertThatThrownBy(ingested::requireFiles).isInstanceOf(InvalidInput.class).hasMessage(gone);
    assertThatThrownBy(() -> toScore.during(() -> fail(failure)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(gone);
    assertThat(toScore.during(() -> "what is read")).isEqualTo("what is read");
  }

  private static Object fail(RuntimeException failure) {
    throw failure;
  }

  @Test
  void theFilesNameIsAColumnAndNoPartOfTheKey() throws IOException {
    for (String name : List.of("one/a.csv", "two/b:c.csv")) {
      Files.createDirectories(dir.resolve("in").resolve(name).getParent());
      Files.writeString(dir.resolve("in").resolve(name), "x\n1\n");
    }
    IngestSettings settings =
        FileSettings.of(
            "csv", SourcePaths.of(List.of(dir + "/in")), HEADER, "x INT", 0, null, "file");
    assertThat(settings.rowContract().ddl()).isEqualTo("`x` int, `file` string");
    Ingested ingested = read(settings);
    assertThat(ingested.rows().select("x", "file").orderBy("file").collectAsList())
        .containsExactly(row(1, "one/a.csv"), row(1, "two/b:c.csv"));
    assertThat(ingested.rows().select("_key").distinct().count()).isEqualTo(1);
    assertThatThrownBy(
            () ->
                FileSettings.of("csv", SourcePaths.of(List.of("x")), HEADER, "x INT", 0, null, "x"))
        .hasMessage("source-column must not be a column of the schema, got x");
  }

  @Test
  void filesOfPartsGiveTheirRowsAPart() throws IOException {
    Path train = Files.writeString(dir.resolve("train.csv"), "x\n1\n2\nbad\n");
    Path test = Files.writeString(dir.resolve("test.csv"), "x\n1\n");
    Ingested ingested =
        read(FileSettings.of("csv", parts(train, test), HEADER, "x INT", 1, null, null));
    assertThat(ingested.rows().select("_part", "x").orderBy("_part", "x").collectAsList())
        .containsExactly(row("test", 1), row("train", 1), row("train", 2));
    assertThat(ingested.quarantined().select("_part", "_record").collectAsList())
        .containsExactly(row("train", "bad"));
    assertThatThrownBy(
            () -> read(FileSettings.of("csv", parts(train, train), HEADER, "x INT", 1, null, null)))
        .hasMessage(train + ": must belong to one part, is given for train and for test");
    Path none = dir.resolve("none.csv");
    assertThatThrownBy(
            () -> read(FileSettings.of("csv", parts(none, none), HEADER, "x INT", 1, null, null)))
        .hasMessage(
            "train: %s: there is no such file\ntest: %s: there is no such file"
                .formatted(none, none));
  }

  @Test
  void optionsByWhichSparkWouldListFilesAreRefused() {
    assertThatThrownBy(
            () ->
                FileSettings.of(
                    "csv", List.of("x"), Map.of("pathGlobFilter", "*.csv"), "x INT", 0, null))
        .hasMessage(
            "options.pathGlobFilter is not free: Sluice lists the files, those of sub-folders too;"
                + " a pattern in path chooses among them");
  }

  private static SourcePaths parts(Path train, Path test) {
    return new SourcePaths(
        List.of(), List.of(train.toString()), List.of(), List.of(test.toString()));
  }

  private static byte[] compressed(String kind, String text) {
    return compressed(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] compressed(String kind, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (kind) {
          case "gz" -> new GZIPOutputStream(bytes);
          case "bz2" -> new BZip2CompressorOutputStream(bytes, 1);
          case "zst" -> new ZstdOutputStream(bytes);
          case "snappy" -> snappy().createOutputStream(bytes);
          default -> new DeflaterOutputStream(bytes);
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static SnappyCodec snappy() {
    SnappyCodec codec = new SnappyCodec();
    codec.setConf(new Configuration());
    return codec;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private Path inFolder(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  /** Rows to be scored, whose label is y. */
  private static NewRows toScore(IngestSettings settings, String declared) {
    return NewRows.read(
        LocalSpark.session(),
        new NewRowsRequest(
            settings,
            settings("csv", Map.of(), declared, Path.of("x")).contract(),
            Set.of("y"),
            null));
  }

  private static Ingested read(IngestSettings settings) {
    return Ingest.read(LocalSpark.session(), settings);
  }

  private static IngestSettings settings(
      String format, Map<String, String> options, String schema, Path... paths) {
    return FileSettings.of(
        format, Arrays.stream(paths).map(Path::toString).toList(), options, schema, 1, null);
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }
}
