package sluice.clean.text;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.clean.Rule;
import sluice.data.InvalidInput;

/**
 * Puts tokens in the place of personal data in texts, as in {@code <MAIL>}. What counts as such
 * data {@link Kind} says; it is found by its form alone, names and addresses are not.
 *
 * @param columns columns of strings; all of them when empty
 * @param kinds what is masked, at least one
 */
public record MaskPersonal(List<String> columns, List<Kind> kinds, At at) implements TextChange {
  public MaskPersonal {
    columns = List.copyOf(columns);
    kinds = List.copyOf(kinds);
    List<String> problems = new ArrayList<>();
    if (kinds.isEmpty()) {
      problems.add("kinds must not be empty");
    }
    if (new HashSet<>(kinds).size() < kinds.size()) {
      problems.add("kinds must be different ones, got " + kinds);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /**
   * A kind of personal data. Where two fit, the one that is declared first is taken. Digits are
   * those of any script, full-width ones too; between two of them may stand a space, a no-break
   * space, a hyphen, an en dash or a dot, in a telephone number also brackets and a slash. A part
   * of a longer run of digits is none. Groups of digits behind a telephone number that may belong
   * to it are masked with it.
   */
  public enum Kind {
    /**
     * An address of mail: a local part of Latin, Cyrillic and Greek letters, ASCII digits and
     * {@code . _ % + - & ~ '}, or one in quotes of up to 64 characters, an at sign, full-width or
     * not, and a domain with a dot, of letters of any script, or an address of IP in brackets.
     */
    MAIL("<MAIL>") {
      @Override
      int end(String text, int start) {
        return MailAddress.end(text, start);
      }
    },
    /**
     * A Chinese resident identity number of 18 characters with a date of birth and the right check
     * character (GB 11643).
     */
    CHINESE_ID("<CHINESE-ID>") {
      @Override
      int end(String text, int start) {
        return PersonalNumbers.startsNumber(text, start)
            ? PersonalNumbers.chineseId(text, start)
            : -1;
      }
    },
    /**
     * A number of a payment card: 13 to 19 digits, the first from 2 to 6, with the right check
     * digit of Luhn (ISO/IEC 7812-1).
     */
    CARD("<CARD>") {
      @Override
      int end(String text, int start) {
        return PersonalNumbers.startsNumber(text, start) ? PersonalNumbers.card(text, start) : -1;
      }
    },
    /**
     * A telephone number: an international one of 8 to 15 digits behind {@code +}, or 10 to 15
     * behind {@code 00} (ITU-T E.164), of the zones 1 and 7 of 11; a Chinese mobile one, 11 digits
     * from 13 to 19, with 86 before or not, unparted or parted as 3-4-4, 3-8, 7-4 or 3-3-5; a
     * Chinese one on land, whose area code (010, 02x, 03xx to 09xx) is a group; a North American
     * one in groups of 3, 3 and 4. Digits behind a currency sign, with a fraction of one or two
     * digits, between letters, or behind a hyphen and a shorter number are none, unless a plus
     * stands before them.
     */
    PHONE("<PHONE>") {
      @Override
      int end(String text, int start) {
        char c = text.charAt(start);
        if (c == '+' || c == '\uff0b') {
          return PhoneNumber.international(text, start);
        }
        boolean bracket = c == '(' || c == '\uff08';
        return bracket || PersonalNumbers.startsNumber(text, start)
            ? PhoneNumber.national(text, start)
            : -1;
      }
    };

    private final String token;

    Kind(String token) {
      this.token = token;
    }

    /** Where the data that starts at a place ends; -1 if none starts there. */
    abstract int end(String text, int start);
  }

  @Override
  public String changed(String text) {
    Set<Kind> wanted = EnumSet.copyOf(kinds);
    StringBuilder masked = null;
    int copied = 0;
    for (int i = 0; i < text.length(); ) {
      int end = -1;
      for (Kind kind : wanted) {
        end = kind.end(text, i);
        if (end >= 0) {
          masked = masked == null ? new StringBuilder(text.length()) : masked;
          masked.append(text, copied, i).append(kind.token);
          copied = end;
          break;
        }
      }
      i = end < 0 ? i + 1 : end;
    }
    return masked == null ? text : masked.append(text, copied, text.length()).toString();
  }

  /** The same text in HTML, where tokens would be tags. */
  static String asHtml(String text) {
    String html = text;
    for (Kind kind : Kind.values()) {
      html = html.replace(kind.token, kind.token.replace("<", "&lt;").replace(">", "&gt;"));
    }
    return html;
  }

  @Override
  public Rule on(List<String> others) {
    return new MaskPersonal(others, kinds, at);
  }
}
