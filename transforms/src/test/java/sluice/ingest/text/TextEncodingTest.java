package sluice.ingest.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {
  private static final TextEncoding AUTO = new TextEncoding("auto");
  private static final int MOST = 100_000;

  private static final String CHINESE =
      "自然语言处理是计算机科学领域与人工智能领域中的一个重要方向。它研究能实现人与计算机之间用自然语言进行有效通信的各种理论和方法。";
  private static final String TRADITIONAL =
      "自然語言處理是計算機科學領域與人工智慧領域中的一個重要方向。它研究能實現人與計算機之間用自然語言進行有效通信的各種理論和方法。";
  private static final String JAPANESE =
      "自然言語処理は、人間が日常的に使っている自然言語をコンピュータに処理させる一連の技術であり、人工知能と言語学の一分野である。";
  private static final String KOREAN =
      "자연어 처리는 인간의 언어 현상을 컴퓨터와 같은 기계를 이용해서 묘사할 수 있도록 연구하고 이를 구현하는 인공지능의 주요 분야 중 하나다.";
  private static final String RUSSIAN =
      "Обработка естественного языка — общее направление искусственного интеллекта и математической лингвистики. Оно изучает проблемы компьютерного анализа.";
  private static final String GERMAN =
      "Für die Verarbeitung natürlicher Sprache müssen die Wörter zunächst zerlegt werden; das heißt, daß größere Texte in Sätze geteilt werden – und „Wörter“ in Silben.";

  private static byte[] hex(String bytes) {
    return HexFormat.ofDelimiter(" ").parseHex(bytes);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static String text(String language) {
    return switch (language) {
      case "chinese" -> CHINESE;
      case "traditional" -> TRADITIONAL;
      case "japanese" -> JAPANESE;
      case "korean" -> KOREAN;
      case "russian" -> RUSSIAN;
      default -> GERMAN;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "chinese, GB18030",
    "traditional, Big5",
    "japanese, Shift_JIS",
    "japanese, EUC-JP",
    "korean, EUC-KR",
    "russian, windows-1251",
    "german, windows-1252",
    "chinese, UTF-8",
    "german, UTF-8"
  })
  void bytesTellTheirEncodingHoweverLateTheyDo(String language, String charset) {
    String text = text(language);
    for (String before : new String[] {"", "<p class=\"plain\">\n".repeat(1000)}) {
      byte[] bytes = (before + text).getBytes(Charset.forName(charset));
      assertThat(AUTO.decode(bytes, MOST)).isEqualTo(new Decoded(before + text, charset, null));
    }
    assertThat(AUTO.ofBeginning(text.getBytes(Charset.forName(charset))).name()).isEqualTo(charset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void aByteOrderMarkCountsAndIsNoPartOfTheText(String charset) {
    byte[] bytes = ("\uFEFFa\r\n" + CHINESE).getBytes(Charset.forName(charset));
    Decoded decoded = new Decoded("a\r\n" + CHINESE, charset, null);
    assertThat(AUTO.decode(bytes, MOST)).isEqualTo(decoded);
    assertThat(new TextEncoding(charset).decode(bytes, MOST)).isEqualTo(decoded);
    assertThat(AUTO.ofBeginning(bytes).name()).isEqualTo(charset);
  }

  @Test
  void aBeginningMayEndWithinACharacter() {
    byte[] bytes = CHINESE.getBytes(StandardCharsets.UTF_8);
    for (int end = bytes.length - 6; end < bytes.length; end++) {
      byte[] beginning = new byte[end];
      System.arraycopy(bytes, 0, beginning, 0, end);
      assertThat(AUTO.ofBeginning(beginning)).isEqualTo(StandardCharsets.UTF_8);
    }
    assertThat(new TextEncoding("gbk").ofBeginning(bytes).name()).isEqualTo("GBK");
  }

  @Test
  void bytesOfANamedEncodingAreWholeOrSayWhereTheyAreNot() {
    assertThat(new TextEncoding("utf8").decode(hex("61 0a 62 0d 0a c3 a9"), MOST))
        .isEqualTo(new Decoded("a\nb\r\né", "UTF-8", null));
    assertThat(new TextEncoding("utf8").decode(hex("61 0a 62 63 e9 64"), MOST))
        .isEqualTo(
            new Decoded(
                "a\nbcéd",
                "",
                "bytes that are not UTF-8 at byte 5, line 2: format.encoding names another encoding"));
    assertThat(new TextEncoding("GB18030").decode(hex("d6 d0 ff"), MOST).fault())
        .isEqualTo(
            "bytes that are not GB18030 at byte 3, line 1: format.encoding names another encoding");
    // Cut within a character, surrogates in UTF-8, and the longer form of a character.
    for (String bytes : new String[] {"61 e4 b8", "61 ed a0 80", "61 c0 af"}) {
      assertThat(new TextEncoding("UTF-8").decode(hex(bytes), MOST).fault())
          .startsWith("bytes that are not UTF-8 at byte 2, line 1:");
    }
    assertThat(AUTO.decode(hex("ef bb bf 61 ff"), MOST).fault())
        .isEqualTo(
            "bytes that are not UTF-8 at byte 5, line 1, which the byte order mark promises");
    assertThat(AUTO.decode(hex("ff fe 00 d8 61 00"), MOST).fault())
        .isEqualTo(
            "bytes that are not UTF-16LE at byte 3, line 1, which the byte order mark promises");
  }

  /** Else any bytes of a file with such a half would be those of a Latin encoding. */
  @Test
  void utf8WithHalfASurrogatePairIsNoOtherEncoding() {
    assertThat(AUTO.decode(hex("6d c3 bc ed a0 bd ed b8 80 61"), MOST).fault())
        .isEqualTo(
            "bytes that are not UTF-8 at byte 4, line 1: half of a surrogate pair, which is no"
                + " character");
    assertThat(AUTO.ofBeginning(hex("61 ed a0 80 c3"))).isEqualTo(StandardCharsets.UTF_8);
    assertThat(AUTO.ofBeginning(hex("61 ed a0 0a e9"))).isNotEqualTo(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNoTextSaysWhy() {
    assertThat(AUTO.decode(hex("89 50 4e 47 0d 0a 1a 0a 00 00"), MOST))
        .isEqualTo(
            new Decoded(
                "\u0089PNG\r\n\32\n\0\0",
                "",
                "byte 9 is 0: the file is not text, or is UTF-16 or UTF-32 without a byte order"
                    + " mark, which format.encoding can name"));
    assertThat(new TextEncoding("UTF-16LE").decode(hex("61 00 62 00"), MOST))
        .isEqualTo(new Decoded("ab", "UTF-16LE", null));
    assertThat(new TextEncoding("UTF-8").decode(hex("61 62 00 63"), MOST).fault())
        .isEqualTo("character 3 is U+0000: the file is not text");
    assertThat(AUTO.decode(hex("61 62 63 64 65 66 67 68 69 01"), MOST).fault()).isNull();
    assertThat(AUTO.decode(hex("61 62 63 64 65 66 67 68 01"), MOST).fault())
        .isEqualTo("1 of 9 characters are control characters: the file is not text");
    assertThat(AUTO.decode(hex("09 0a 0b 0c 0d"), MOST).fault()).isNull();
    assertThat(AUTO.decode(new byte[0], MOST)).isEqualTo(new Decoded("", "UTF-8", null));
  }

  @Test
  void aTextIsAsLongAsItMayBe() {
    byte[] ten = "一".repeat(10).getBytes(StandardCharsets.UTF_8);
    assertThat(AUTO.decode(ten, 10).fault()).isNull();
    assertThat(AUTO.decode(ten, 9).fault())
        .isEqualTo("has more than 9 characters (format.max-text)");
    // So many bytes that nobody need decode them.
    Decoded decoded = AUTO.decode("é".repeat(3000).getBytes(StandardCharsets.UTF_8), 1000);
    assertThat(decoded.fault()).isEqualTo("has more than 1,000 characters (format.max-text)");
    assertThat(decoded.text()).isEqualTo("é".repeat(2048));
  }

  /** Whatever the bytes are, what comes is a text from end to end or a reason. */
  @Test
  void anyBytesAreATextOrHaveAFault() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (round % 2 == 0) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = bytes[i] == 0 || random.nextInt(4) > 0 ? (byte) 'a' : bytes[i];
        }
      }
      Decoded decoded = AUTO.decode(bytes, MOST);
      if (decoded.fault() == null) {
        assertThat(decoded.text().getBytes(Charset.forName(decoded.encoding()))).isEqualTo(bytes);
      }
      assertThat(AUTO.decode(bytes.clone(), MOST)).isEqualTo(decoded);
    }
    assertThat(AUTO.decode(join(hex("ff"), "x".getBytes(StandardCharsets.UTF_8)), MOST))
        .isEqualTo(new Decoded("ÿx", "windows-1252", null));
  }

  /** The frequencies of so few bytes say anything, as that they are Cyrillic. */
  @Test
  void aFewAccentsAreNoOtherScript() {
    for (String text : new String[] {"now é17", "café", "naïve façade", "¿qué?", "für"}) {
      Decoded decoded = AUTO.decode(text.getBytes(StandardCharsets.ISO_8859_1), MOST);
      assertThat(decoded.text()).isEqualTo(text);
      assertThat(decoded.fault()).isNull();
    }
  }

  @Test
  void namesAreKnownOrNot() {
    assertThat(TextEncoding.isKnown("auto")).isTrue();
    assertThat(TextEncoding.isKnown("gb18030")).isTrue();
    assertThat(TextEncoding.isKnown("GB-18030-2000")).isFalse();
    assertThat(TextEncoding.isKnown("not an encoding")).isFalse();
    assertThat(TextEncoding.isKnown("")).isFalse();
  }
}
