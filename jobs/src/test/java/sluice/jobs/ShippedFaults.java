package sluice.jobs;

import static sluice.jobs.ShippedSources.utf8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import sluice.jobs.ShippedSources.Source;

/**
 * What people's files have and a reader may take for something else, by kinds, with the values that
 * are right: cases of {@link ShippedJarTest}.
 */
final class ShippedFaults {
  private static final String HEADER = "format = csv, options { header = true }";

  private ShippedFaults() {}

  static Stream<Source> all() throws IOException {
    return Stream.of(
        new Source(
            "dates-and-times",
            HEADER,
            "id INT, d DATE, t TIMESTAMP, n TIMESTAMP_NTZ, z STRING",
            file(
                """
                id,d,t,n,z
                1,2021-06-18,2021-06-18T10:00:00Z,2021-06-18 10:00:00,
                2,2021-02-30,,,
                3,2021-13-01,,,
                4,0000-00-00,,,
                5,2021-06-18 junk,,,
                6,2021-6-8,,,
                7,2021,,,
                8,20210618,,,
                9,2021-06-18T00:00:00,,,
                10,,2021-06-18 25:00:00,,
                11,,10:00:00,,
                12,,T10:00,,
                13,,2021-06-18 10:00:00 Europe/Berlin,,
                14,,2021-06-18 10:60:00,,
                15,,,2021-02-29 10:00:00,
                16,,,2020-02-29 23:59:59.999999,
                17,,2021-06-18 24:00:00,,
                18, 2021-06-19 ,2021-06-18T10:00+02:00,2021-06-18T10:00,
                19,,,10:00,
                20,1582-10-10,1582-10-10T00:00:00Z,1582-10-10T00:00:00,
                21,,1623974400,,
                22,today,now,,
                23,9999-12-31,9999-12-31T23:59:59.999999Z,0001-01-01T00:00:00,
                24,,2021-06-18,2021-06-18,
                """),
            lines(
                """
                [1,2021-06-18,2021-06-18T10:00:00Z,2021-06-18T10:00,null]
                [16,null,null,2020-02-29T23:59:59.999999,null]
                [18,2021-06-19,2021-06-18T08:00:00Z,2021-06-18T10:00,null]
                [20,1582-10-10,1582-10-10T00:00:00Z,1582-10-10T00:00,null]
                [23,9999-12-31,9999-12-31T23:59:59.999999Z,0001-01-01T00:00,null]
                [24,null,2021-06-18T00:00:00Z,2021-06-18T00:00,null]
                """),
            lines(
                """
                3 d: "2021-02-30" is no date
                4 d: "2021-13-01" is no date
                5 d: "0000-00-00" is no date
                6 d: "2021-06-18 junk" is no date
                7 d: "2021-6-8" is no date
                8 d: "2021" is no date
                9 d: "20210618" is no date
                10 d: "2021-06-18T00:00:00" is no date
                11 t: "2021-06-18 25:00:00" is no timestamp
                12 t: "10:00:00" is no timestamp
                13 t: "T10:00" is no timestamp
                14 t: "2021-06-18 10:00:00 Europe/Berlin" is no timestamp
                15 t: "2021-06-18 10:60:00" is no timestamp
                16 n: "2021-02-29 10:00:00" is no timestamp_ntz
                18 t: "2021-06-18 24:00:00" is no timestamp
                20 n: "10:00" is no timestamp_ntz
                22 t: "1623974400" is no timestamp
                23 d: "today" is no date; t: "now" is no timestamp
                """)),
        new Source(
            "dates-and-times-by-patterns",
            "format = csv, options { header = true, dateFormat = yyyy-MM-dd,"
                + " timestampFormat = \"dd.MM.yyyy HH:mm\", timestampNTZFormat = \"M/d/yy H:mm\" }",
            "id INT, d DATE, t TIMESTAMP, n TIMESTAMP_NTZ, z STRING",
            file(
                """
                id,d,t,n,z
                1,2021-06-08,18.06.2021 10:00,6/8/21 9:05,
                2,2021-6-8,,,
                3,,18.06.2021 10:00:30,,
                4,,18.6.2021 10:00,,
                5,,30.02.2021 10:00,,
                6,,2021-06-18T10:00,,
                7,,,06/08/2021 9:05,
                8,,,6/8/21 9:05 PM,
                9,2021-06-08x,,,
                """),
            lines("[1,2021-06-08,2021-06-18T10:00:00Z,2021-06-08T09:05,null]"),
            lines(
                """
                3 d: "2021-6-8" is no date
                4 t: "18.06.2021 10:00:30" is no timestamp
                5 t: "18.6.2021 10:00" is no timestamp
                6 t: "30.02.2021 10:00" is no timestamp
                7 t: "2021-06-18T10:00" is no timestamp
                8 n: "06/08/2021 9:05" is no timestamp_ntz
                9 n: "6/8/21 9:05 PM" is no timestamp_ntz
                10 d: "2021-06-08x" is no date
                """)),
        new Source(
            "dates-and-times-in-json",
            "format = json",
            "id INT, d DATE, t TIMESTAMP, n TIMESTAMP_NTZ, z STRING",
            file(
                """
                {"id":1,"d":"2021-06-18","t":"2021-06-18T10:00:00Z","n":"2021-06-18 10:00:00"}
                {"id":2,"d":"2021-06-18junk"}
                {"id":3,"d":"2021-02-30"}
                {"id":4,"d":18796}
                {"id":5,"t":"10:00:00"}
                {"id":6,"n":"2021-06-18T25:00"}
                {"id":7,"d":true}
                {"id":8,"d":["2021-06-18"]}
                {"id":9,"d":null,"z":"2021-06-18junk"}
                """),
            lines(
                """
                [1,2021-06-18,2021-06-18T10:00:00Z,2021-06-18T10:00,null]
                [9,null,null,null,2021-06-18junk]
                """),
            lines(
                """
                2 d: "2021-06-18junk" is no date
                3 d: "2021-02-30" is no date
                4 d: 18796 is no date
                5 t: "10:00:00" is no timestamp
                6 n: "2021-06-18T25:00" is no timestamp_ntz
                7 d: true is no date
                8 d: ["2021-06-18"] is no date
                """)),
        new Source(
            "texts-in-json",
            "format = json",
            "id INT, z STRING",
            file(
                """
                {"id":1,"z":1e5}
                {"id":2,"z":1.50}
                {"id":3,"z":123456789012345678901234567890}
                {"id":4,"z":true}
                {"id":5,"z":{"b": 1.0, "a":[1e5, null]}}
                {"id":6,"z":[1,  2]}
                {"id":7,"z":-0}
                {"id":8,"z":null}
                {"id":9,"z":"1e5"}
                """),
            lines(
                """
                [1,1e5]
                [2,1.50]
                [3,123456789012345678901234567890]
                [4,true]
                [5,{"b": 1.0, "a":[1e5, null]}]
                [6,[1,  2]]
                [7,-0]
                [8,null]
                [9,1e5]
                """),
            List.of()),
        new Source(
            "numbers",
            HEADER,
            "id INT, i INT, l BIGINT, f FLOAT, x DOUBLE, b BOOLEAN, z STRING",
            file(
                """
                id,i,l,f,x,b,z
                1,3.0,3e2,1.5,.5,yes,
                2,,,,1e400,,
                3,,,,-1e400,,
                4,,,1e39,,,
                5,,,,0x1p3,,
                6,,,,1d,,
                7,,,1f,,,
                8,2147483648,,,,,
                9,,9223372036854775808,,,,
                10,1.5,,,,,
                11, 7 ,,,5.,NO,
                12,,,,"1,5",,
                13,,,,1_000,,
                14,٣,,,,,
                15,+5,-0,-0,1e-400,True,
                16,2147483647,-9223372036854775808,3.4028235e38,1.7976931348623157e308,1,
                17,,,,,2,
                18,,,,1e,,
                19,0x10,,,,,
                20,1L,,,,,
                """),
            lines(
                """
                [1,3,300,1.5,0.5,true,null]
                [11,7,null,null,5.0,false,null]
                [15,5,0,-0.0,0.0,true,null]
                [16,2147483647,-9223372036854775808,3.4028235E38,1.7976931348623157E308,true,null]
                """),
            lines(
                """
                3 x: "1e400" is no double
                4 x: "-1e400" is no double
                5 f: "1e39" is no float
                6 x: "0x1p3" is no double
                7 x: "1d" is no double
                8 f: "1f" is no float
                9 i: "2147483648" is no int
                10 l: "9223372036854775808" is no bigint
                11 i: "1.5" is no int
                13 x: "1,5" is no double
                14 x: "1_000" is no double
                15 i: "٣" is no int
                18 b: "2" is no boolean
                19 x: "1e" is no double
                20 i: "0x10" is no int
                21 i: "1L" is no int
                """)),
        new Source(
            "quotes",
            HEADER,
            "id INT, z STRING",
            file(
                """
                id,z
                1,"say ""hi\"""
                2,""\""
                3,"a,b"
                4,a\\"b
                5,"a\\",b"
                6,"a"b
                7,a"b"
                8,'a,b'
                9,"open
                10,"a\\"
                """),
            lines(
                """
                [1,say "hi"]
                [10,a\\]
                [2,"]
                [3,a,b]
                """),
            lines(
                """
                5 z: a quote in a field that is not in quotes (RFC 4180; options.escape = "\\\\" allows it)
                6 a quote in a field that is not in quotes (RFC 4180; options.escape = "\\\\" allows it)
                7 z: text after a closing quote (RFC 4180; options.escape = "\\\\" allows it)
                8 z: a quote in a field that is not in quotes (RFC 4180; options.escape = "\\\\" allows it)
                9 3 fields, must be 2
                10 z: a quote that is not closed in its line; options.multiLine = true reads fields over several lines
                """)),
        new Source(
            "line-ends",
            "format = csv, options { header = true, multiLine = true }",
            "id INT, z STRING",
            file("id,z\r\n1,\"say\r\n\"\"hi\"\"\"\r\n2,b\n3,\"x\ny\"\r\n4,\"a\"b\n5,c\r\n"),
            List.of("[1,say\r\n\"hi\"]", "[2,b]", "[3,x\ny]", "[5,c]"),
            lines(
                "7 z: text after a closing quote (RFC 4180; options.escape = \"\\\\\" allows it)")),
        new Source(
            "utf-16",
            "format = csv, options { header = true, encoding = UTF-16 }",
            "id INT, z STRING",
            Map.of(
                "le.csv",
                "\uFEFFid,z\n1,Zürich\nx,a\n2,東京\r\n3,😀\n".getBytes(StandardCharsets.UTF_16LE),
                "be.csv",
                "\uFEFFid,z\n4,Zürich\n5,東京\n".getBytes(StandardCharsets.UTF_16BE)),
            List.of("[1,Zürich]", "[2,東京]", "[3,😀]", "[4,Zürich]", "[5,東京]"),
            lines("3 id: \"x\" is no int")),
        new Source(
            "damaged",
            HEADER,
            "id INT, z STRING",
            damaged(),
            List.of("[900,d]", "[901,f]", "[902,g]"),
            lines(
                """
                null cannot be decompressed to its end: Unexpected end of input stream
                null cannot be decompressed to its end: Unexpected end of input stream
                null cannot be decompressed to its end: Unexpected end of stream
                null cannot be decompressed to its end: Input is not in the .gz format
                """)),
        new Source(
            "folders",
            HEADER,
            "id INT, day INT, z STRING",
            Map.of(
                "day=5/a.csv", utf8("id,day,z\n1,7,a\n"),
                "day=6/b.csv", utf8("id,z\n2,b\n"),
                "c.csv", utf8("id,day,z\n3,8,c\n"),
                "sub/deep/d.csv", utf8("id,day,z\n4,9,d\n"),
                "10:00 ü %20[1].csv", utf8("id,day,z\n5,9,e\n"),
                ".hidden.csv", utf8("id,day,z\n6,9,f\n"),
                "_temporary/g.csv", utf8("id,day,z\n7,9,g\n"),
                "empty.csv", new byte[0]),
            List.of("[1,7,a]", "[2,6,b]", "[3,8,c]", "[4,9,d]", "[5,9,e]"),
            List.of()),
        new Source(
            "named-twice",
            HEADER,
            List.of("a.csv", "*.csv", ".", "sub/../a.csv", "_c.csv", "sub/d.csv"),
            "id INT, z STRING",
            Map.of(
                "a.csv", utf8("id,z\n1,a\n"),
                "b.csv", utf8("id,z\n2,b\n"),
                "_c.csv", utf8("id,z\n3,c\n"),
                "sub/d.csv", utf8("id,z\n4,d\n")),
            List.of("[1,a]", "[2,b]", "[3,c]", "[4,d]"),
            List.of()));
  }

  private static Map<String, byte[]> file(String text) {
    return Map.of("a", utf8(text));
  }

  private static List<String> lines(String text) {
    return text.lines().toList();
  }

  private static Map<String, byte[]> damaged() throws IOException {
    byte[] whole =
        utf8(
            IntStream.range(0, 40)
                .mapToObj(i -> i + "," + i * 7919 % 1000 + "\n")
                .collect(Collectors.joining("", "id,z\n", "")));
    ByteArrayOutputStream streams = new ByteArrayOutputStream();
    streams.writeBytes(through(GZIPOutputStream::new, utf8("id,z\n901,f\n")));
    streams.writeBytes(through(GZIPOutputStream::new, utf8("902,g\n")));
    return Map.of(
        "a.csv.gz", cut(through(GZIPOutputStream::new, whole)),
        "b.csv.bz2", cut(through(BZip2CompressorOutputStream::new, whole)),
        "c.csv.deflate", cut(through(DeflaterOutputStream::new, whole)),
        "d.csv", utf8("id,z\n900,d\n"),
        "e.csv.gz", utf8("no gzip at all"),
        "of-two-streams.csv.gz", streams.toByteArray());
  }

  /** Makes a stream that compresses into another. */
  private interface Compression {
    OutputStream into(OutputStream out) throws IOException;
  }

  private static byte[] through(Compression compression, byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = compression.into(compressed)) {
      out.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 20);
  }
}
