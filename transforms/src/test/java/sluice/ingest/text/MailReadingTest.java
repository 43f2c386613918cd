package sluice.ingest.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailReadingTest {
  private static final MailReading READING = new MailReading(new TextEncoding("auto"), 100_000);

  private static TextContent read(String mail) {
    return READING.read(mail.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void aPlainMailIsItsHeaderAndItsText(String end) {
    String mail =
        """
        From exmh-workers-admin@redhat.com  Thu Aug 22 12:36:23 2002
        Return-Path: <exmh-workers-admin@redhat.com>
        Subject: Re: New
        \tSequences Window
        SUBJECT: another
        From: Robert Elz <kre@munnari.OZ.AU>
        Date: Thu, 22 Aug 2002 18:26:25 +0700
        not a header line

            Date:        Wed, 21 Aug 2002 10:54:46 -0500

        I can't reproduce this error.
        """
            .replace("\n", end);
    TextContent content = read(mail);
    assertThat(content.fault()).isNull();
    assertThat(content.encoding()).isEqualTo("UTF-8");
    assertThat(content.values())
        .isEqualTo(
            Map.of(
                "subject", "Re: New\tSequences Window",
                "sender", "Robert Elz <kre@munnari.OZ.AU>",
                "date", "Thu, 22 Aug 2002 18:26:25 +0700",
                "text",
                    "    Date:        Wed, 21 Aug 2002 10:54:46 -0500\n\nI can't reproduce this error.\n"
                        .replace("\n", end),
                "html", false));
  }

  @ParameterizedTest
  @CsvSource({
    "=?ISO-8859-1?Q?Caf=E9_au_lait?=, Café au lait",
    "=?iso-8859-1*fr?q?Caf=E9?= noir, Café noir",
    "=?utf-8?B?5L2g5aW9?=, 你好",
    // Cut within a character, as some programs do.
    "=?utf-8?B?5L2g5Q==?= =?UTF-8?B?pb0=?=, 你好",
    "=?gb2312?B?xOO6ww==?= =?utf-8?Q?!?= a, 你好! a",
    "a =?utf-8?Q?b?= c, a b c",
    // Neither encoding nor form is known: what looks like a word stays, what can be told is told.
    "=?utf-8?X?b?= =?utf-8?B?!?=, =?utf-8?X?b?= =?utf-8?B?!?=",
    "=?nobody-knows?Q?caf=C3=A9?=, café",
    "=?us-ascii?Q?caf=E9s_and_cr=E8mes_and_p=E2t=E9s?=, cafés and crèmes and pâtés",
    // Said to be of what has grown since.
    "=?gb2312?B?1uzpRrv5y7WjuoE55TSI0oa0hv4=?=, 朱镕基说：㎘堃喆嘅",
    "=?ks_c_5601-1987?B?x9Gxub7uIIxjueawosfP?=, 한국어 똠방각하",
    "=?big5?B?wWPF6aSkpOWhQbT6uNWd9p33?=, 繁體中文，測試喺咗",
    "=?shift_jis?B?h0Du4JOH?=, ①髙島",
    "=?utf-8?Q??= b, b",
    "=?utf-8?Q?100=?= =3D, 100= =3D"
  })
  void encodedWordsAreDecoded(String written, String meant) {
    TextContent content = read("Subject: " + written + "\n\nx");
    assertThat(content.values().get("subject")).isEqualTo(meant);
  }

  @Test
  void aHeaderOfBareBytesIsReadAsTheyLook() {
    String subject = "Größere Wörter für müde Hörer, schöne Grüße";
    for (String charset : new String[] {"UTF-8", "windows-1252"}) {
      byte[] mail =
          join(
              ascii("Subject: "),
              subject.getBytes(Charset.forName(charset)),
              ascii("\nContent-Type: text/plain\n\nx"));
      assertThat(READING.read(mail).values().get("subject")).isEqualTo(subject);
    }
  }

  @Test
  void ofAlternativesThePlainOneIsTakenAndAttachmentsAreNot() {
    TextContent content =
        read(
            """
            Subject: s
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="one"

            This is for programs that do not know MIME.
            --one
            Content-Type: multipart/alternative; boundary=two

            --two
            Content-Type: text/html

            <p>hello</p>
            --two
            Content-Type: text/plain; charset=ISO-8859-1
            Content-Transfer-Encoding: quoted-printable

            Caf=E9 =
            ole
            --two--
            --one
            Content-Type: text/plain
            Content-Disposition: Attachment; filename=a.txt

            attached
            --one
            Content-Type: message/rfc822
            Content-Disposition: attachment

            Subject: attached too

            attached mail
            --one
            Content-Type: message/rfc822

            Subject: within

            forwarded
            --one
            Content-Type: image/png
            Content-Transfer-Encoding: base64

            AAAA
            --one--
            epilogue
            """);
    assertThat(content.fault()).isNull();
    assertThat(content.values())
        .isEqualTo(Map.of("subject", "s", "text", "Café ole\nforwarded", "html", false));
    assertThat(content.encoding()).isEqualTo("ISO-8859-1");
  }

  @Test
  void htmlIsHandedOnAsItIs() {
    String html = "<html><body>&auml; <b>buy</b></body></html>";
    TextContent content =
        read(
            "From: a@b\nContent-Type: Text/HTML; charset=\"gb2312\"\nContent-Transfer-Encoding: BASE64\n\n"
                + Base64.getEncoder()
                    .encodeToString((html + "你好").getBytes(Charset.forName("GB2312"))));
    assertThat(content.values())
        .isEqualTo(Map.of("sender", "a@b", "text", html + "你好", "html", true));
    assertThat(content.encoding()).isEqualTo("GB2312");
    TextContent onlyHtml =
        read(
            """
            Subject: x
            Content-Type: multipart/alternative; boundary=b

            --b
            Content-Type: text/plain

            \s
            --b
            Content-Type: text/html

            <i>x</i>
            --b--
            """);
    assertThat(onlyHtml.values())
        .isEqualTo(Map.of("subject", "x", "text", "<i>x</i>", "html", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"utf-8", "us-ascii", "x-unknown", "GB2312", "\"\"", "auto"})
  void aPartThatIsNotWhatItSaysIsReadAsItLooks(String said) {
    String text = "Größere Wörter für müde Hörer: schöne Grüße, daß das ß heißt, wie es heißt.";
    byte[] mail =
        join(
            ascii("Subject: s\nContent-Type: text/plain; charset=" + said + "\n\n"),
            text.getBytes(Charset.forName("windows-1252")));
    TextContent content = READING.read(mail);
    assertThat(content.fault()).isNull();
    assertThat(content.values().get("text")).isEqualTo(text);
    assertThat(content.encoding()).isEqualTo("windows-1252");
  }

  private static String nested(int levels) {
    StringBuilder mail = new StringBuilder("Subject: deep\n");
    for (int i = 0; i < levels; i++) {
      mail.append("Content-Type: multipart/mixed; boundary=b%sx\n\n--b%sx\n".formatted(i, i));
    }
    return mail.append("Content-Type: text/plain\n\ndeep text\n").toString();
  }

  private static String mails(int levels) {
    return "Subject: deep\n" + "Content-Type: message/rfc822\n\nX: y\n".repeat(levels) + "\ntext";
  }

  private static String parts(int number) {
    return "Subject: wide\nContent-Type: multipart/mixed; boundary=b\n\n"
        + "--b\nContent-Type: text/plain\n\nx\n".repeat(number)
        + "--b--\n";
  }

  @Test
  void partsAreBoundedInNumberAndDepth() {
    assertThat(read(nested(90)).values().get("text")).isEqualTo("deep text\n");
    assertThat(read(nested(3_000)))
        .isEqualTo(
            new TextContent(
                Map.of(),
                "",
                "has parts within parts, more than 100 deep",
                nested(3_000).substring(0, 1000)));
    assertThat(read(mails(90)).values().get("text")).isEqualTo("text");
    assertThat(read(mails(10_000)).fault()).isEqualTo("has parts within parts, more than 100 deep");
    assertThat(read(parts(990)).values().get("text")).isEqualTo("x\n".repeat(989) + "x");
    assertThat(read(parts(10_000)).fault()).isEqualTo("has more than 1000 parts");
  }

  @Test
  void aBrokenMailIsReadAsFarAsItGoesOrSaysWhyNot() {
    assertThat(
            read("Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhalf of a te")
                .values())
        .isEqualTo(Map.of("subject", "s", "text", "half of a te", "html", false));
    assertThat(read("Subject: s\nContent-Type: multipart/mixed\n\nno boundary").values())
        .isEqualTo(Map.of("subject", "s", "text", "no boundary", "html", false));
    assertThat(read("Subject: s").values())
        .isEqualTo(Map.of("subject", "s", "text", "", "html", false));
    assertThat(read("Subject: s\nContent-Type: image/png\n\nx"))
        .isEqualTo(
            new TextContent(Map.of("subject", "s", "text", "", "html", false), "", null, ""));
    assertThat(read("just a text\nof two lines"))
        .isEqualTo(
            new TextContent(
                Map.of(), "", "has no header, as a mail does", "just a text\nof two lines"));
    assertThat(read("Subject: s\n\na\0b").fault())
        .isEqualTo(
            "text in part 1: byte 2 is 0: the file is not text, or is UTF-16 or UTF-32 without a"
                + " byte order mark, which format.encoding can name");
    MailReading ofTen = new MailReading(new TextEncoding("auto"), 10);
    assertThat(ofTen.read(ascii("A: b\n\n01234567890")).fault())
        .isEqualTo("has more than 10 characters (format.max-text)");
    assertThat(ofTen.read(ascii("Subject: 01234567\n\n012")).fault())
        .isEqualTo("has more than 10 characters (format.max-text)");
    assertThat(ofTen.read(ascii("Subject: 01234567\n\n01")).fault()).isNull();
    // A picture may have a line that looks like one of a header.
    for (String binary : new String[] {"PNG\r\n\0\0\nA: b", "A: b\nc: \0\n\nd", "\0\n\nd"}) {
      assertThat(read(binary).fault()).isEqualTo("has a byte 0 in its header: the file is no mail");
    }
    assertThat(ofTen.read(ascii("A: b\n\n" + "0".repeat(50))).fault())
        .isEqualTo("has more than 44 bytes, four for each character of format.max-text");
  }

  /** As Python's package email reads them, too. */
  @Test
  void linesMayEndAsOnTheOldMacintosh() {
    TextContent content = read("Subject: a\rFrom: x@y\r\rhello\rworld\r");
    assertThat(content.values())
        .isEqualTo(
            Map.of("subject", "a", "sender", "x@y", "text", "hello\nworld\n", "html", false));
    assertThat(read("\r").fault()).isEqualTo("has no header, as a mail does");
  }

  @Test
  void aBoundaryThatTheBodyDoesNotHaveIsSaid() {
    String mail = "Subject: a\nContent-Type: multipart/mixed; boundary=A\n\n%s";
    assertThat(read(mail.formatted("--B\nContent-Type: text/plain\n\nhi\n--B--\n")).fault())
        .isEqualTo("part 1 is said to be parts between lines of --A, and has no such line");
    String within = "--A\nContent-Type: multipart/mixed; boundary=C\n%s\n\nlost\n--A--\n";
    assertThat(read(mail.formatted(within.formatted("X: y"))).fault())
        .isEqualTo("part 2 is said to be parts between lines of --C, and has no such line");
    assertThat(read(mail.formatted(within.formatted("Content-Disposition: attachment"))).fault())
        .isNull();
    assertThat(read(mail.formatted("\n \n")).values())
        .isEqualTo(Map.of("subject", "a", "text", "", "html", false));
    assertThat(read(mail.formatted("lost\n--A\n\nhi\n--A--\n")).values().get("text"))
        .isEqualTo("hi");
  }

  @ParameterizedTest
  @CsvSource({
    "utf-7, Hi +AOQ- 1 +- 1+-, Hi ä 1 + 1+",
    "UNICODE-1-1-UTF-7, Hi Mom +Jjo-!, Hi Mom ☺!",
    "utf-7, +ZeVnLIqe., 日本語.",
    "utf-7, +2D3eAA-, 😀",
    // What is none of it stays, as of any encoding that is named wrongly.
    "utf-7, 1+1 +2D0-, 1+1 +2D0-"
  })
  void utf7IsDecoded(String charset, String written, String meant) {
    TextContent content =
        read(
            "Subject: =?%1$s?Q?%2$s?=\nContent-Type: text/plain; charset=%1$s\n\n%2$s"
                .formatted(charset, written)
                .replace("Q?" + written, "Q?" + written.replace(' ', '_')));
    assertThat(content.fault()).isNull();
    assertThat(content.values().get("text")).isEqualTo(meant);
    assertThat(content.values().get("subject")).isEqualTo(meant);
  }

  @Test
  void encodingsOfTheOldAreKnownAndWhatIsNotReadIsSaid() {
    byte[] header = ascii("Subject: s\nContent-Type: text/plain; charset=cp850\n\n");
    TextContent content =
        READING.read(join(header, new byte[] {'f', (byte) 0x81, 'r', ' ', (byte) 0x94, 'l'}));
    assertThat(content.values().get("text")).isEqualTo("für öl");
    assertThat(content.encoding()).isEqualTo("IBM850");
    for (String unknown : new String[] {"unknown-8bit", "x-unknown"}) {
      byte[] said = ascii("A: b\nContent-Type: text/plain; charset=" + unknown + "\n\n");
      String text = "Größere Wörter für müde Hörer";
      assertThat(READING.read(join(said, text.getBytes(StandardCharsets.UTF_8))).values())
          .containsEntry("text", text);
    }
    assertThat(read("A: b\nContent-Type: text/plain; charset=hz-gb-2312\n\n~{<:Ky2;~}").fault())
        .isEqualTo("text in part 1: is said to be in hz-gb-2312, which is not read");
  }

  private static TextContent transferred(String encoding, String body) {
    return read("A: b\nContent-Transfer-Encoding: %s\n\n%s".formatted(encoding, body));
  }

  @ParameterizedTest
  @CsvSource({
    "base64, aGVsbG8=, hello",
    "BASE64, aGVsbG8, hello",
    "base-64, aGVs|bG8, hello",
    "base64, aGVsbG8gd29ybGQsIGhlbGxvIH!dvcmxk, 'hello world, hello world'",
    // Parts that were put together, and what a mailing list appends.
    "base64, aGVsbG8=|IHdvcmxk|, hello world",
    "base64, aGVsbG8=|_____|Leave: x@y, hello|_____|Leave: x@y",
    "base64, '', ''",
    "quoted-printable, a=3Db=|c, a=bc",
    "x-uuencode, begin 644 a.txt|%:&5L;&\\|`|end|, hello",
    "uuencode, Hi|begin 644 a.txt|%:&5L;&\\||end|bye, Hi|hellobye",
    "X-UUE, begin 644 a|#0V%T|end, Cat",
    "8-bit, a=3D, a=3D",
    "us-ascii, a=3D, a=3D",
  })
  void transferEncodingsAreDecoded(String encoding, String body, String text) {
    TextContent content = transferred(encoding, body.replace('|', '\n').replace("\\\\", "\\"));
    assertThat(content.fault()).isNull();
    assertThat(content.values().get("text")).isEqualTo(text.replace('|', '\n'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "base64; aGVsb; its base64 ends within a byte, at character 5: the mail is cut or damaged",
        "base64; Hi, Jo. It's me.; its base64 has 4 characters of another alphabet beside 9: it is none",
        "x-uuencode; no such; its uuencode has no line that begins with \"begin \"",
        "x-uuencode; begin 644 a|#0V%T; its uuencode has no line \"end\": the mail is cut",
        "x-uuencode; begin 644 a|~~|end; line 2 of its uuencode is none",
        "x-yenc; =ybegin; 'its transfer encoding is x-yenc, which is not read; base64, quoted-printable and uuencode are'"
      })
  void whatIsNoTransferEncodingIsSaid(String encoding, String body, String fault) {
    assertThat(transferred(encoding, body.replace('|', '\n')).fault())
        .isEqualTo("text in part 1: " + fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/x-vcard",
        "Text/VCard",
        "text/calendar; method=REQUEST",
        "text/csv; header=x"
      })
  void textsForProgramsAreLeftOut(String type) {
    String parts =
        """
        A: b
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/%s

        hello
        --b
        Content-Type: %s

        BEGIN:VCARD
        --b--
        """;
    assertThat(read(parts.formatted("plain", type)).values().get("text")).isEqualTo("hello");
    assertThat(read(parts.formatted("x-of-mine", type)).values().get("text")).isEqualTo("hello");
  }

  /** Where a part is HTML all is, so that to read it as such loses no address in angle brackets. */
  @Test
  void plainTextBesideHtmlIsHtmlToo() {
    TextContent content =
        read(
            """
            A: b
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            Write to <jo@b.com> & <b>:
              x
            --b
            Content-Type: text/html

            <i>buy</i>
            --b--
            """);
    assertThat(content.values())
        .isEqualTo(
            Map.of(
                "text",
                "<pre>\nWrite to &lt;jo@b.com> &amp; &lt;b>:\n  x</pre>\n<i>buy</i>",
                "html",
                true));
  }

  @Test
  void noBytesAreTooHostile() {
    byte[] mail = ascii(parts(3) + nested(3));
    Random random = new Random(11);
    Map<Boolean, Integer> readable = new HashMap<>();
    for (int round = 0; round < 500; round++) {
      byte[] broken = mail.clone();
      for (int i = 0; i < 1 + round / 10; i++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      TextContent content = READING.read(broken);
      readable.merge(content.fault() == null, 1, Integer::sum);
      assertThat(READING.read(broken.clone())).isEqualTo(content);
    }
    assertThat(readable.keySet()).containsExactlyInAnyOrder(true, false);
  }
}
