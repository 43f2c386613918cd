package sluice.jobs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import sluice.testing.LocalSpark;

/** Sources in every format and what is read of them: cases of {@link ShippedJarTest}. */
final class ShippedSources {
  private ShippedSources() {}

  /**
   * A source and what is read of it.
   *
   * @param name of its directory
   * @param ingest the section of the configuration, without path and schema
   * @param paths below its directory
   * @param schema the columns; the last is the label
   * @param files by name
   * @param rows the rows as text, in the order of their texts
   * @param quarantined position and reason of each record that cannot be read
   */
  record Source(
      String name,
      String ingest,
      List<String> paths,
      String schema,
      Map<String, byte[]> files,
      List<String> rows,
      List<String> quarantined) {
    Source(
        String name,
        String ingest,
        String schema,
        Map<String, byte[]> files,
        List<String> rows,
        List<String> quarantined) {
      this(name, ingest, List.of("."), schema, files, rows, quarantined);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String COLUMNS = "id BIGINT, x DOUBLE, day DATE, name STRING";
  private static final List<String> ROWS =
      List.of("[1,0.5,2021-06-18,Zürich]", "[2,null,null,東京]", "[3,-1.0E300,1999-12-31,a \"b\"]");

  /** Long enough for its bytes in GB18030 to tell their encoding. */
  private static final String CHINESE = "自然语言处理是人工智能领域中的一个重要方向，它研究人与计算机之间的通信。";

  static Stream<Source> all() throws IOException {
    return Stream.of(
        new Source(
            "csv",
            "format = csv, options { header = true }",
            COLUMNS,
            Map.of(
                "a.csv",
                utf8("id,x,day,name\n1,0.5,2021-06-18,Zürich\n2,,,東京\n"),
                "b.csv",
                utf8("id,x,day,name\n3,-1e300,1999-12-31,\"a \"\"b\"\"\"\nfour,1,,x\n")),
            ROWS,
            List.of("3 id: \"four\" is no bigint")),
        new Source(
            "csv-compressed-in-another-encoding",
            "format = csv, options { header = true, encoding = UTF-16LE, multiLine = true }",
            COLUMNS,
            Map.of(
                "a.csv.gz",
                compressed("id,x,day,name\n1,0.5,2021-06-18,Zürich\n2,,,東京\n"),
                "b.csv",
                "id,x,day,name\n3,-1e300,1999-12-31,\"a \"\"b\"\"\"\nfour,1,,x\n"
                    .getBytes(StandardCharsets.UTF_16LE)),
            ROWS,
            List.of("3 id: \"four\" is no bigint")),
        new Source(
            "json",
            "format = json",
            COLUMNS,
            Map.of(
                "a.json",
                utf8(
                    """
                    {"id": 1, "x": 0.5, "day": "2021-06-18", "name": "Zürich", "more": [1, 2]}
                    {"name": "東京", "id": 2}
                    {"id": 3, "x": -1e300, "day": "1999-12-31", "name": "a \\"b\\""}
                    {"id": "four", "name": "x"}
                    """)),
            ROWS,
            List.of("4 id: \"four\" is no bigint")),
        new Source(
            "json-over-lines",
            "format = json, options { multiLine = true }",
            COLUMNS,
            Map.of(
                "a.json",
                utf8(
                    """
                    [
                      {
                        "id": 1, "x": 0.5,
                        "day": "2021-06-18", "name": "Zürich"
                      },
                      { "id": 2, "name": "東京" }
                    ]
                    """),
                "b.json",
                utf8(
                    """
                    {
                      "id": 3, "x": -1e300, "day": "1999-12-31", "name": "a \\"b\\""
                    }
                    """)),
            ROWS,
            List.of()),
        new Source("parquet", "format = parquet", COLUMNS, parquet(), ROWS, List.of()),
        new Source(
            "texts-in-folders",
            "format = folders",
            "text STRING, label STRING",
            Map.of(
                "spam/1.txt", utf8("Zürich\n"),
                "spam/2.txt.gz", compressed("\uFEFF東京"),
                "ham/3.txt", CHINESE.getBytes(Charset.forName("GB18030")),
                "ham/4.png", new byte[] {'P', 'N', 'G', 0}),
            List.of("[Zürich\n,spam]", "[東京,spam]", "[" + CHINESE + ",ham]"),
            List.of(
                "1 byte 4 is 0: the file is not text, or is UTF-16 or UTF-32 without a byte order"
                    + " mark, which format.encoding can name")),
        new Source(
            "lines",
            "format = { type = lines, max-text = 8, label = file }",
            "text STRING, label STRING",
            Map.of("neg.txt", utf8("bad\nso very bad\n"), "pos.txt", utf8("Zürich")),
            List.of("[Zürich,pos]", "[bad,neg]"),
            List.of("2 has more than 8 characters (format.max-text)")),
        new Source(
            "parallel",
            "format = { type = parallel, files { a = \"*.en\", b = \"*.de\" }, max-text = 8 }",
            "a STRING, b STRING",
            Map.of(
                "x.en", utf8("Zurich\n\na very long line\nsea"),
                "x.de", utf8("Zürich\n東京\nlang\nSee\n")),
            List.of("[Zurich,Zürich]", "[null,東京]", "[sea,See]"),
            List.of("3 has more than 8 characters (format.max-text)")),
        new Source(
            "mail",
            "format = mail",
            "subject STRING, html BOOLEAN, text STRING, label STRING",
            Map.of(
                "ham/1",
                utf8("Subject: =?utf-8?Q?Z=C3=BCrich?=\nContent-Type: text/html\n\n<p>x"),
                "spam/2",
                utf8(
                    """
                    From: a@b
                    Content-Type: multipart/alternative; boundary=b

                    --b
                    Content-Type: text/plain; charset=iso-8859-1
                    Content-Transfer-Encoding: quoted-printable

                    Caf=E9
                    --b
                    Content-Type: text/html

                    <p>
                    --b--
                    """),
                "spam/3",
                utf8("no mail")),
            List.of("[Zürich,true,<p>x,ham]", "[null,false,Café,spam]"),
            List.of("1 has no header, as a mail does")),
        new Source(
            "idx",
            "format = idx",
            "image BINARY, part STRING, digit INT",
            Map.of(
                "train-images-idx3-ubyte",
                idx(3, new int[] {2, 2, 2}, 0, 1, 2, 3, 250, 251, 252, 253),
                "train-labels-idx1-ubyte",
                idx(1, new int[] {2}, 7, 9),
                "t10k-images-idx3-ubyte",
                idx(3, new int[] {1, 2, 2}, 9, 9, 9, 9),
                "t10k-labels-idx1-ubyte",
                idx(1, new int[] {1}, 0)),
            List.of(
                "[[-6, -5, -4, -3],train,9]", "[[0, 1, 2, 3],train,7]", "[[9, 9, 9, 9],test,0]"),
            List.of()));
  }

  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_16LE));
    }
    return bytes.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] idx(int dimensions, int[] sizes, int... values) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
    file.put(new byte[] {0, 0, 8, (byte) dimensions});
    Arrays.stream(sizes).forEach(file::putInt);
    Arrays.stream(values).forEach(value -> file.put((byte) value));
    return file.array();
  }

  /** The same rows, in the columns that a Parquet file may have besides. */
  private static Map<String, byte[]> parquet() throws IOException {
    Path table = Files.createTempDirectory("parquet").resolve("table");
    LocalSpark.session()
        .sql(
            """
            select * from values
              (1L, 0.5D, date'2021-06-18', 'Zürich', 1), (2L, null, null, '東京', 2),
              (3L, -1e300D, date'1999-12-31', 'a "b"', 3) as (id, x, day, name, more)
            """)
        .coalesce(1)
        .write()
        .parquet(table.toString());
    try (Stream<Path> files = Files.list(table)) {
      Path part =
          files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return Map.of("a.parquet", Files.readAllBytes(part));
    }
  }
}
