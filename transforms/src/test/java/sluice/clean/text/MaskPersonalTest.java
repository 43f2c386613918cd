package sluice.clean.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.Rule.At;
import sluice.clean.text.MaskPersonal.Kind;
import sluice.data.InvalidInput;

class MaskPersonalTest {
  private static final MaskPersonal ALL = rule(Kind.values());

  private static MaskPersonal rule(Kind... kinds) {
    return new MaskPersonal(List.of(), Arrays.asList(kinds), At.ALWAYS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Mail.
        "Write to jo.doe+x@mail.example.org.|Write to <MAIL>.",
        "<jo@a-b.co.uk>, \"x_y@z.io\"|<<MAIL>>, \"<MAIL>\"",
        "'jo@b.com' or o'brien@b.com|'<MAIL>' or <MAIL>",
        "\u90ae\u7bb1jo@b.com\u8c22\u8c22|\u90ae\u7bb1<MAIL>\u8c22\u8c22",
        "jo@\u4f8b\u5b50.\u516c\u53f8\u3002|<MAIL>\u3002",
        "@jo a@b a@b. a@1.2 a@b.c x@y..com|@jo a@b a@b. a@1.2 a@b.c x@y..com",
        "a@b.com@c.com|<MAIL>@c.com",
        "mailto:jo@b.com?subject=x|mailto:<MAIL>?subject=x",
        // Telephones.
        "+44 (0)20 7946 0958|<PHONE>",
        "Call +1-415-555-2671!|Call <PHONE>!",
        "0049 30 901820|<PHONE>",
        "\u7535\u8bdd13812345678\uff0c|\u7535\u8bdd<PHONE>\uff0c",
        "138 1234 5678 or 139-8765-4321|<PHONE> or <PHONE>",
        "+86 138-1234-5678|<PHONE>",
        "8613812345678|<PHONE>",
        "13812345678 2024\u5e74|<PHONE> 2024\u5e74",
        "\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18|<PHONE>",
        "(415) 555-2671, 415.555.2671, 1-800-555-0199|<PHONE>, <PHONE>, <PHONE>",
        "010-62345678 (0755) 2345 6789|<PHONE> <PHONE>",
        "tel13812345678|tel<PHONE>",
        "12812345678 138123456789 0.13812345678 1700000000000|12812345678 138123456789 0.13812345678 1700000000000",
        "2024-01-02 10:20:30, 10.11.12.13, 1,234,567,890|2024-01-02 10:20:30, 10.11.12.13, 1,234,567,890",
        "1+23456789 = 23456790, C++11|1+23456789 = 23456790, C++11",
        // Cards: test numbers of their makers.
        "4111 1111 1111 1111|<CARD>",
        "5555555555554444, 3782-822463-10005|<CARD>, <CARD>",
        "6212345678901232 exp 12/27|<CARD> exp 12/27",
        "4111111111111111 2027|<CARD> 2027",
        "4111111111111111,4242424242424242|<CARD>,<CARD>",
        "13800138000,13900139000.13700137000|<PHONE>,<PHONE>.<PHONE>",
        "3.14159265358979 0,4111111111111111|3.14159265358979 0,4111111111111111",
        "4111111111111112 9111111111111111|4111111111111112 9111111111111111",
        "41111111111111111111111|41111111111111111111111",
        // Identity numbers, of the standard's examples.
        "11010519491231002X|<CHINESE-ID>",
        "\u8eab\u4efd\u8bc1440524188001010014\u3002|\u8eab\u4efd\u8bc1<CHINESE-ID>\u3002",
        "110105 19491231 002x|<CHINESE-ID>",
        "110105194912310021 11010519491331002X|110105194912310021 11010519491331002X",
        "11010519491231002XA|11010519491231002XA",
        // Nothing.
        "Room 101, 3.14159, \u20ac 1 000 000|Room 101, 3.14159, \u20ac 1 000 000"
      })
  void tokensTakeThePlaceOfPersonalData(String text, String masked) {
    assertThat(ALL.changed(text)).isEqualTo(masked);
    assertThat(ALL.changed(masked)).isEqualTo(masked);
  }

  /** What RFC 5322 and 6531 allow, and addresses as others test for them (Presidio). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "info@presidio.site",
        "john.smith+news@gmail.com",
        "\"john doe\"@b.com",
        "\"a\\\"b@c\"@b.com",
        "j\u00f6rg@m\u00fcller.de",
        "jo\u0308rg@mu\u0308ller.de",
        "jo@xn--mller-kva.de",
        "jo@b\u00fccher2-go.example",
        "\u0438\u0432\u0430\u043d@\u043f\u043e\u0447\u0442\u0430-1.\u0440\u0444",
        "jo@\u4f8b\u5b502.\u516c\u53f8",
        "jo\uff20b.com",
        "\uff4a\uff4f\uff20\uff42\uff0e\uff43\uff4f\uff4d",
        "j@x.cn",
        "a@b.c.de",
        "jo@1and1.com",
        "jo@[192.168.2.1]",
        "jo@[IPv6:2001:db8::1]"
      })
  void unusualAddressesAreMasked(String address) {
    assertThat(ALL.changed(address)).isEqualTo("<MAIL>");
    assertThat(ALL.changed("\u90ae\u7bb1 " + address + "\uff0c ok"))
        .isEqualTo("\u90ae\u7bb1 <MAIL>\uff0c ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my email is info@presidio.",
        "@presidio.site",
        "lodash@4.17.21",
        "3 apples @ 2.50",
        "x@[1] x@[] x@[a b.c]",
        "he said \"hi\" @home",
        "\"\"@b.com"
      })
  void whatOnlyLooksLikeAnAddressIsNotMasked(String text) {
    assertThat(ALL.changed(text)).isEqualTo(text);
  }

  /** Of the forms that the rule names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(415) 555-0132",
        "+1 415 555 0132",
        "1-650-253-0000",
        "+1 (650) 253-0000",
        "+1.7035555555",
        "+7 916 123-45-67",
        "+351 912 345 678",
        "+64 3 331 6005",
        "+49 (0) 30 123456",
        "0044 20 7031 3000",
        "004930901820",
        "138-12345678",
        "1381234-5678",
        "138-123-45678",
        "86 138 1234 5678",
        "86-13812345678",
        "010 6234 5678",
        "0316 234 5678",
        "(0755)23456789"
      })
  void telephoneNumbersAreMasked(String number) {
    assertThat(ALL.changed(number)).isEqualTo("<PHONE>");
    assertThat(ALL.changed("Tel. " + number + ", 2027")).isEqualTo("Tel. <PHONE>, 2027");
    assertThat(ALL.changed("\u7535\u8bdd\uff1a" + number + "\u3002"))
        .isEqualTo("\u7535\u8bdd\uff1a<PHONE>\u3002");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Addresses of IP and versions.
        "192.168.10.200",
        "172.16.254.100:8080",
        "Chrome/138.0.7204.168 build 19.0.45.1234",
        // Dates.
        "01.02.2024 1234 St\u00fcck",
        "01/02/2024-123",
        "1990-01-02 123",
        "1990-12-31 23:59:59",
        "2012-01-02 08:00",
        "2012/01/02 08:00",
        "08/31/95",
        // ISBN, ISSN.
        "ISBN 978-0-13-468599-1, 0-19-853453-1, 0-306-40615-2, 9780306406157, ISSN 0378-5955",
        // Amounts.
        "\u00a513812345678",
        "13812345678.50",
        "13812345678,5",
        "234 567 890 123",
        "+1 234 567",
        // Numbers of orders, with zeros in front, within words.
        "303-4567890-1234567",
        "234-567-8901-2345",
        "2024-13812345678",
        "0012345678",
        "0123-4567890",
        "9f13812345678e"
      })
  void otherNumbersAreNoTelephoneNumbers(String text) {
    assertThat(rule(Kind.PHONE).changed(text)).isEqualTo(text);
  }

  @Test
  void onlyTheKindsThatAreNamedAreMasked() {
    String text = "jo@b.com 13812345678 4111111111111111 11010519491231002X";
    assertThat(rule(Kind.MAIL).changed(text))
        .isEqualTo("<MAIL> 13812345678 4111111111111111 11010519491231002X");
    assertThat(rule(Kind.PHONE).changed(text))
        .isEqualTo("jo@b.com <PHONE> 4111111111111111 11010519491231002X");
    assertThat(rule(Kind.CARD, Kind.CHINESE_ID).changed(text))
        .isEqualTo("jo@b.com 13812345678 <CARD> <CHINESE-ID>");
  }

  /** A check digit that is wrong is none: of ten, one is right. */
  @Test
  void checkDigitsDecide() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      String card = "4" + String.format("%014d", random.nextLong(100_000_000_000_000L));
      String id =
          "11010519%02d%02d%02d%03d"
              .formatted(
                  random.nextInt(100),
                  1 + random.nextInt(12),
                  1 + random.nextInt(28),
                  random.nextInt(1000));
      long cards = 0;
      long ids = 0;
      for (String check : "0 1 2 3 4 5 6 7 8 9 X".split(" ", -1)) {
        cards += rule(Kind.CARD).changed(card + check).equals("<CARD>") ? 1 : 0;
        ids += rule(Kind.CHINESE_ID).changed(id + check).equals("<CHINESE-ID>") ? 1 : 0;
      }
      assertThat(cards).as(card).isEqualTo(1);
      assertThat(ids).as(id).isEqualTo(1);
    }
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
            "a".repeat(1_000_000) + "@",
            "a@".repeat(400_000),
            "'a".repeat(400_000),
            "a.b".repeat(300_000) + "@" + "c.".repeat(300_000),
            "1".repeat(1_000_000),
            "1 ".repeat(500_000),
            "4111-".repeat(200_000),
            "+".repeat(1_000_000),
            "(1".repeat(500_000),
            "\"a".repeat(500_000),
            "a@[".repeat(300_000),
            "1-".repeat(500_000),
            "'".repeat(1_000_000) + "a")
        .map(Arguments::of);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("hostile")
  @Timeout(10)
  void hostileTextsEnd(String text) {
    assertThat(ALL.changed(text).length()).isLessThanOrEqualTo(text.length());
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> rule())
        .isInstanceOf(InvalidInput.class)
        .hasMessage("kinds must not be empty");
    assertThatThrownBy(() -> rule(Kind.MAIL, Kind.MAIL))
        .hasMessage("kinds must be different ones, got [MAIL, MAIL]");
  }
}
