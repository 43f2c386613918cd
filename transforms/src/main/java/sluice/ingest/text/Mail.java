package sluice.ingest.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * One mail on its way to its columns. Of the header come subject, sender ({@code From}) and date,
 * as they are written, with encoded words decoded. The text is that of all parts that are texts and
 * no attachments, those of mails within the mail too, one behind the other; of alternatives it is
 * the first that is plain, or else the first. HTML is handed on as it is. What an mbox file sets
 * before a mail, a line that begins with {@code From}, is passed over.
 */
final class Mail {
  private static final int MOST_PARTS = 1000;
  private static final int MOST_LEVELS = 100;
  private static final int SHOWN_BYTES = 4096;
  private static final byte[] MBOX = "From ".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern FOLD = Pattern.compile("\\r?\\n(?=[ \\t])");

  /** The columns that header fields become. */
  private static final Map<String, String> COLUMNS =
      Map.of("subject", MailReading.SUBJECT, "from", MailReading.SENDER, "date", MailReading.DATE);

  /** Broken lines of a header are passed over, and nothing else is refused. */
  private static final MimeConfig LENIENT =
      MimeConfig.custom()
          .setMaxLineLen(-1)
          .setMaxHeaderCount(-1)
          .setMaxHeaderLen(-1)
          .setMaxContentLen(-1)
          .build();

  /** A part that is a text. */
  private record Piece(String text, boolean html, String encoding) {}

  /**
   * A multipart whose end has not come.
   *
   * @param alternative whether its parts say the same
   * @param contents of its parts
   */
  private record Multipart(boolean alternative, List<List<Piece>> contents) {
    List<Piece> content() {
      if (!alternative) {
        return contents.stream().flatMap(List::stream).toList();
      }
      List<List<Piece>> said =
          contents.stream()
              .filter(pieces -> pieces.stream().anyMatch(piece -> !piece.text().isBlank()))
              .toList();
      return said.stream()
          .filter(pieces -> pieces.stream().noneMatch(Piece::html))
          .findFirst()
          .or(() -> said.stream().findFirst())
          .orElse(List.of());
    }
  }

  private final MailReading reading;
  private final Map<String, Object> values = new HashMap<>();
  private final Deque<Multipart> open = new ArrayDeque<>();
  private boolean hasHeader;
  private int levels;

  /** The level of the attachment that is passed; 0 outside of one. */
  private int attachedAt;

  private int parts;
  private long characters;
  private @Nullable String fault;

  Mail(MailReading reading) {
    this.reading = reading;
  }

  TextContent read(byte[] bytes) {
    if (bytes.length > reading.mostBytes()) {
      fault =
          String.format(
              Locale.ROOT,
              "has more than %,d bytes, four for each character of format.max-text",
              reading.mostBytes());
    } else if (hasZeroInHeader(bytes)) {
      fault = "has a byte 0 in its header: the file is no mail";
    } else {
      parse(bytes);
    }
    if (fault == null && !hasHeader) {
      fault = "has no header, as a mail does";
    }
    if (fault != null) {
      byte[] begin = Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES));
      return TextContent.faulty(fault, EncodedWords.lenient(begin, "", reading.encoding()));
    }
    List<Piece> pieces = open.getFirst().content();
    values.put(
        FileReading.TEXT, pieces.stream().map(Piece::text).collect(Collectors.joining("\n")));
    values.put(MailReading.HTML, pieces.stream().anyMatch(Piece::html));
    return TextContent.of(values, pieces.isEmpty() ? "" : pieces.get(0).encoding());
  }

  /** Whether the bytes before the first empty line, or all of them, are none of a header. */
  private static boolean hasZeroInHeader(byte[] bytes) {
    int begin = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return true;
      }
      if (bytes[i] == '\n') {
        int length = i - begin - (i > begin && bytes[i - 1] == '\r' ? 1 : 0);
        if (length == 0) {
          return false;
        }
        begin = i + 1;
      }
    }
    return false;
  }

  private void parse(byte[] bytes) {
    int start = start(bytes);
    open.push(new Multipart(false, new ArrayList<>()));
    MimeTokenStream tokens = new MimeTokenStream(LENIENT);
    tokens.parse(new ByteArrayInputStream(bytes, start, bytes.length - start));
    try {
      EntityState state = tokens.getState();
      while (fault == null && state != EntityState.T_END_OF_STREAM) {
        take(state, tokens);
        state = tokens.next();
      }
    } catch (MimeException | IOException | RuntimeException e) {
      fault =
          "cannot be read as a mail: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }

  private static int start(byte[] bytes) {
    int start = 0;
    if (bytes.length > MBOX.length && Arrays.equals(bytes, 0, MBOX.length, MBOX, 0, MBOX.length)) {
      while (start < bytes.length && bytes[start] != '\n') {
        start++;
      }
      start = Math.min(bytes.length, start + 1);
    }
    return start;
  }

  private void take(EntityState state, MimeTokenStream tokens) throws IOException {
    switch (state) {
      case T_START_MESSAGE, T_START_BODYPART -> enter();
      case T_END_MESSAGE, T_END_BODYPART -> leave();
      case T_FIELD -> takeField(tokens.getField());
      case T_START_MULTIPART ->
          open.push(
              new Multipart(
                  tokens.getBodyDescriptor().getMimeType().equals("multipart/alternative"),
                  new ArrayList<>()));
      case T_END_MULTIPART -> {
        List<Piece> content = open.pop().content();
        open.getFirst().contents().add(content);
      }
      case T_BODY -> takeBody(tokens);
      default -> {
        // What stands before, between and behind the parts is for programs that do not know MIME.
      }
    }
  }

  private void enter() {
    levels++;
    parts++;
    if (levels > MOST_LEVELS) {
      fault = "has parts within parts, more than %s deep".formatted(MOST_LEVELS);
    } else if (parts > MOST_PARTS) {
      fault = "has more than %s parts".formatted(MOST_PARTS);
    }
  }

  private void leave() {
    attachedAt = attachedAt == levels ? 0 : attachedAt;
    levels--;
  }

  private void takeField(Field field) {
    String name = field.getName().toLowerCase(Locale.ROOT);
    if (levels == 1) {
      hasHeader = true;
      String column = COLUMNS.get(name);
      if (column != null && !values.containsKey(column)) {
        String value = EncodedWords.decode(body(field), reading.encoding()).strip();
        values.put(column, value);
        count(value);
      }
    }
    boolean within = levels > 1 && attachedAt == 0;
    if (within
        && name.equals("content-disposition")
        && body(field).toLowerCase(Locale.ROOT).startsWith("attachment")) {
      attachedAt = levels;
    }
  }

  /** The body of a field, whose bytes may be of any encoding, against the rules. */
  private String body(Field field) {
    ByteSequence raw = field.getRaw();
    String text =
        raw == null
            ? field.getName() + ":" + field.getBody()
            : EncodedWords.lenient(raw.toByteArray(), "", reading.encoding());
    String unfolded = FOLD.matcher(text).replaceAll("");
    return unfolded.substring(unfolded.indexOf(':') + 1).strip();
  }

  private void takeBody(MimeTokenStream tokens) throws IOException {
    BodyDescriptor descriptor = tokens.getBodyDescriptor();
    String type = descriptor.getMimeType();
    if (attachedAt > 0 || !type.startsWith("text/")) {
      return;
    }
    String charset = descriptor.getCharset();
    Decoded decoded =
        EncodedWords.text(
            tokens.getDecodedInputStream().readAllBytes(),
            charset == null ? "" : charset,
            reading.encoding());
    if (decoded.fault() != null) {
      fault = "text in part %s: %s".formatted(parts, decoded.fault());
      return;
    }
    count(decoded.text());
    if (fault == null) {
      open.getFirst()
          .contents()
          .add(List.of(new Piece(decoded.text(), type.equals("text/html"), decoded.encoding())));
    }
  }

  /** Counts what is kept of the mail. */
  private void count(String text) {
    characters += text.length();
    if (characters > reading.maxText()) {
      fault = TextEncoding.tooLong(reading.maxText());
    }
  }
}
