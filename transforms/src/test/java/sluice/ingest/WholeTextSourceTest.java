package sluice.ingest;

import static org.apache.spark.sql.functions.countDistinct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.testing.LocalSpark;

/** Folders of texts and of mails. */
class WholeTextSourceTest {
  private static final String PIECE = "spark.sql.files.maxPartitionBytes";
  private static final Source FOLDERS = new FoldersSource("auto", 1000);
  private static final String CHINESE = "自然语言处理是人工智能领域中的一个重要方向，它研究人与计算机之间的通信。";

  @TempDir Path dir = Path.of("");

  @AfterEach
  void sharesOfTheUsualSize() {
    LocalSpark.session().conf().unset(PIECE);
  }

  private Path write(String name, byte[] content) throws IOException {
    return FileWriting.write(dir.resolve(name), content);
  }

  private Path write(String name, String text) throws IOException {
    return FileWriting.write(dir.resolve(name), text);
  }

  private static IngestSettings settings(
      Source source, @Nullable String schema, @Nullable String sourceColumn, String... paths) {
    return new IngestSettings(
        source, SourcePaths.of(List.of(paths)), Map.of(), schema, 1, null, sourceColumn);
  }

  private static Ingested read(Source source, String... paths) {
    return Ingest.read(LocalSpark.session(), settings(source, null, null, paths));
  }

  private static NewRows toScore(
      Source source, @Nullable List<String> keep, String needed, String... paths) {
    DatasetContract declared = source.columns().orElseThrow();
    return NewRows.read(
        LocalSpark.session(),
        new NewRowsRequest(settings(source, needed, null, paths), declared, Set.of(), keep));
  }

  private static List<Row> rows(Dataset<Row> rows, String first, String... more) {
    return rows.select(first, more).collectAsList();
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }

  @Test
  void aFileIsATextAndItsFolderTheLabel() throws IOException {
    Path bare = write("spam/1.txt", "buy\r\nnow\rhere\n");
    Path deep = write("spam/2002/may/2", "\uFEFFmore");
    Path packed = write("ham/c d/3.txt.gz", "你好");
    write("ham/_SUCCESS", "x");
    write("ham/.hidden", "x");
    write("_tmp/4.txt", "x");
    Path empty = write("ham/empty.txt", "");
    Ingested ingested =
        Ingest.read(LocalSpark.session(), settings(FOLDERS, null, "file", dir.toString()));
    assertThat(ingested.contract().ddl()).isEqualTo("`text` string, `label` string");
    assertThat(rows(ingested.rows(), "_source", "text", "label", "file"))
        .containsExactlyInAnyOrder(
            row(bare.toString(), "buy\r\nnow\rhere\n", "spam", "spam/1.txt"),
            row(deep.toString(), "more", "spam", "spam/2002/may/2"),
            row(packed.toString(), "你好", "ham", "ham/c d/3.txt.gz"));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(3, 0));
    assertThat(ingested.notes())
        .containsExactly(
            "passed over: 2 hidden files (%s/ham/.hidden, %s/ham/_SUCCESS), 1 hidden folder (%s/_tmp), 1 empty file (%s)"
                .formatted(dir, dir, dir, empty),
            "encodings: UTF-8 in 3 files");
  }

  @Test
  void encodingsAreToldByFileAndWhatIsNoTextIsQuarantined() throws IOException {
    write("a/utf8", "café, crème");
    write("a/gb", CHINESE.getBytes(Charset.forName("GB18030")));
    write("a/gb2", (CHINESE + "。").getBytes(Charset.forName("GB18030")));
    write("b/utf16", ("\uFEFF" + CHINESE).getBytes(StandardCharsets.UTF_16LE));
    Path png = write("b/png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1});
    Path twice = write("b/gz", gzip("x"));
    Path large = write("b/large", "x".repeat(1001));
    Path huge = write("b/huge", "y".repeat(100_000));
    Path cut =
        write("a/cut", new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, 'a', '\n', (byte) 0xFF});
    Ingested ingested = read(FOLDERS, dir.toString());
    assertThat(rows(ingested.rows(), "text", "label"))
        .containsExactlyInAnyOrder(
            row("café, crème", "a"), row(CHINESE, "a"), row(CHINESE + "。", "a"), row(CHINESE, "b"));
    assertThat(rows(ingested.quarantined(), "_source", "_position", "_record", "_reason"))
        .containsExactlyInAnyOrder(
            row(
                png.toString(),
                1L,
                "\u0089PNG\0\1",
                "byte 5 is 0: the file is not text, or is UTF-16 or UTF-32 without a byte order"
                    + " mark, which format.encoding can name"),
            row(
                twice.toString(),
                1L,
                new String(gzip("x"), StandardCharsets.ISO_8859_1),
                "byte 4 is 0: the file is not text, or is UTF-16 or UTF-32 without a byte order"
                    + " mark, which format.encoding can name"),
            row(
                large.toString(),
                1L,
                "x".repeat(1000),
                "has more than 1,000 characters (format.max-text)"),
            row(
                huge.toString(),
                1L,
                "y".repeat(1000),
                "has more than 1,000 characters (format.max-text)"),
            row(
                cut.toString(),
                1L,
                "ï»¿a\nÿ",
                "bytes that are not UTF-8 at byte 6, line 2, which the byte order mark promises"));
    assertThat(ingested.notes())
        .containsExactly("encodings: GB18030 in 2 files, UTF-16LE in 1 file, UTF-8 in 1 file");

    Ingested named = read(new FoldersSource("GB18030", 1000), dir + "/[a]");
    assertThat(named.rows().count() + named.quarantined().count()).isEqualTo(4);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1 << 17, 1 << 30})
  void howFilesShareTasksChangesNothing(int shareBytes) throws IOException {
    List<Row> expected = new ArrayList<>();
    List<Row> faulty = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String label = i % 3 == 0 ? "a" : "b";
      if (i % 5 == 4) {
        Path file = write("%s/%s".formatted(label, i), "x\0" + i);
        faulty.add(row(file.toString(), "x\0" + i));
      } else {
        write("%s/%s".formatted(label, i), "text " + i);
        expected.add(row("text " + i, label));
      }
    }
    LocalSpark.session().conf().set(PIECE, Integer.toString(shareBytes));
    Ingested ingested = read(FOLDERS, dir.toString());
    // The quarantine is asked first, so that it has the rows read.
    assertThat(rows(ingested.quarantined(), "_source", "_record"))
        .containsExactlyInAnyOrderElementsOf(faulty);
    assertThat(rows(ingested.rows(), "text", "label"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(ingested.notes()).containsExactly("encodings: UTF-8 in 10 files");
    assertThat(ingested.rows().javaRDD().getNumPartitions())
        .isEqualTo(shareBytes == 1 ? 12 : shareBytes == 1 << 17 ? 4 : 1);
  }

  @Test
  void manySmallFilesAreFewTasks() throws IOException {
    int files = 20_000;
    for (int i = 0; i < 20; i++) {
      Files.createDirectories(dir.resolve("label" + i));
    }
    for (int i = 0; i < files; i++) {
      Files.writeString(dir.resolve("label%s/%s.txt".formatted(i % 20, i)), "text " + i);
    }
    Ingested ingested = read(FOLDERS, dir.toString());
    assertThat(ingested.rows().javaRDD().getNumPartitions()).isEqualTo(5);
    List<Row> byLabel = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      byLabel.add(row("label" + i, 1000L));
    }
    assertThat(ingested.rows().groupBy("label").agg(countDistinct("text").as("n")).collectAsList())
        .containsExactlyInAnyOrderElementsOf(byLabel);
  }

  @Test
  void labelsAreAskedForUnlessRowsAreScored() throws IOException {
    Path inside = write("in/a/1.txt", "one");
    List<String> without = new ArrayList<>();
    for (int i = 10; i < 22; i++) {
      without.add(write("in/%s.txt".formatted(i), "text " + i).toString());
    }
    String path = dir + "/in";
    List<String> problems = new ArrayList<>();
    without
        .subList(0, 10)
        .forEach(
            file ->
                problems.add(
                    "%s: must lie in a folder below %s, whose name is its label"
                        .formatted(file, path)));
    problems.add("and 2 more files");
    assertThatThrownBy(() -> read(FOLDERS, path))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(String.join("\n", problems));

    Ingested texts =
        Ingest.read(LocalSpark.session(), settings(FOLDERS, "text STRING", null, path));
    assertThat(texts.rows().count()).isEqualTo(13);

    NewRows scored = toScore(FOLDERS, null, "text STRING", path + "/{a,1[01].txt}");
    assertThat(scored.columns()).containsExactly("text", "label");
    assertThat(rows(scored.rows(), "_source", "_position", "_record", "text", "label"))
        .containsExactlyInAnyOrder(
            row(inside.toString(), 1L, null, "one", "a"),
            row(without.get(0), 1L, null, "text 10", null),
            row(without.get(1), 1L, null, "text 11", null));
    assertThat(scored.notes().get()).containsExactly("encodings: UTF-8 in 3 files");
    NewRows kept = toScore(FOLDERS, List.of("label"), "text STRING", path + "/[a]");
    assertThat(kept.columns()).containsExactly("label");
    assertThat(rows(kept.rows(), "text", "label")).containsExactly(row("one", "a"));
    assertThatThrownBy(() -> toScore(FOLDERS, List.of("name"), "text STRING", path))
        .hasMessage(path + ": predict.keep: no column name, there are [text, label]");
  }

  @Test
  void patternsPartsAndFoldersOfColumnsSayTheLabelToo() throws IOException {
    write("x/2026/ham/1", "one");
    write("x/2026/label=spam/2", "two");
    write("x/2026/label=spam/odd/3", "three");
    write("x/2025/ham/4", "four");
    assertThat(rows(read(FOLDERS, dir + "/x/2026").rows(), "text", "label"))
        .containsExactlyInAnyOrder(row("one", "ham"), row("two", "spam"), row("three", "spam"));
    assertThat(rows(read(FOLDERS, dir + "/x/2026/{ham,label=spam}").rows(), "text", "label"))
        .containsExactlyInAnyOrder(row("one", "ham"), row("two", "spam"), row("three", "spam"));
    assertThat(rows(read(FOLDERS, dir + "/x/2026/*/[12]").rows(), "text", "label"))
        .containsExactlyInAnyOrder(row("one", "ham"), row("two", "spam"));
    SourcePaths parts =
        new SourcePaths(List.of(), List.of(dir + "/x/2026"), List.of(), List.of(dir + "/x/{year}"));
    IngestSettings settings =
        new IngestSettings(FOLDERS, parts, Map.of(), null, 0, null, null)
            .at(LocalDate.of(2025, 12, 31));
    assertThat(rows(Ingest.read(LocalSpark.session(), settings).rows(), "_part", "text", "label"))
        .containsExactlyInAnyOrder(
            row("train", "one", "ham"),
            row("train", "two", "spam"),
            row("train", "three", "spam"),
            row("test", "four", "ham"));
  }

  @Test
  void aChangedFileChangesTheFingerprint() throws IOException {
    write("a/1", "one");
    IngestSettings settings = settings(FOLDERS, null, null, dir.toString());
    Map<String, String> before = FOLDERS.fingerprints(LocalSpark.session(), settings);
    assertThat(FOLDERS.fingerprints(LocalSpark.session(), settings)).isEqualTo(before);
    write("a/1", "two");
    assertThat(FOLDERS.fingerprints(LocalSpark.session(), settings)).isNotEqualTo(before);
  }

  @Test
  void mailsAreTheirHeadersAndTheirText() throws IOException {
    Source mail = new MailSource("auto", 1000);
    write(
        "spam/1",
        "From: a@b\nSubject: =?utf-8?B?5L2g5aW9?=\nDate: today\nContent-Type: text/html\n\n<b>x</b>");
    write("ham/2", "Subject: plain\n\nhello");
    Path none = write("ham/3", "hello");
    Ingested ingested = read(mail, dir.toString());
    assertThat(ingested.contract().ddl())
        .isEqualTo(
            "`subject` string, `sender` string, `date` string, `text` string, `html` boolean,"
                + " `label` string");
    assertThat(rows(ingested.rows(), "subject", "sender", "date", "text", "html", "label"))
        .containsExactlyInAnyOrder(
            row("你好", "a@b", "today", "<b>x</b>", true, "spam"),
            row("plain", null, null, "hello", false, "ham"));
    assertThat(rows(ingested.quarantined(), "_source", "_position", "_record", "_reason"))
        .containsExactly(row(none.toString(), 1L, "hello", "has no header, as a mail does"));
    NewRows scored = toScore(mail, List.of("label"), "text STRING, subject STRING", dir + "/ham/2");
    assertThat(rows(scored.rows(), "subject", "text", "label"))
        .containsExactly(row("plain", "hello", null));
  }

  @Test
  void settingsThatDoNotFitAreToldTogether() {
    assertThatThrownBy(() -> new FoldersSource("utf-9", 0))
        .hasMessage(
            "encoding must be auto or the name of an encoding, got utf-9\n"
                + "max-text must be at least 1, got 0");
    assertThatThrownBy(
            () ->
                new IngestSettings(
                    FOLDERS,
                    null,
                    Map.of("encoding", "UTF-8"),
                    "text INT, label STRING, subject STRING",
                    0,
                    null,
                    null))
        .hasMessage(
            """
            path must be given
            options must not be given with format = folders, got {encoding=UTF-8}
            schema: column text must be string with format = folders, got int
            schema: column subject is none of format = folders, which gives `text` string, `label` string""");
  }

  @Test
  void aFileThatVanishesIsNamed() throws IOException {
    write("a/1", "one");
    Path goes = write("a/2", "two");
    Ingested ingested = read(FOLDERS, dir.toString());
    Files.delete(goes);
    assertThatThrownBy(ingested::requireFiles)
        .hasMessage(goes + ": was there when the files were listed, and is gone");
  }
}
