package sluice.ingest.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
import sluice.data.InvalidInput;

/**
 * One mail on its way to its columns. Of the header come subject, sender ({@code From}) and date,
 * as they are written, with encoded words decoded. The text is that of all parts that are texts and
 * neither attachments nor data, those of mails within the mail too, one behind the other; of
 * alternatives it is the first that is plain, or else the first. HTML is handed on as it is; plain
 * texts beside it are preformatted text of HTML. What an mbox file sets before a mail, a line that
 * begins with {@code From}, is passed over. Lines may end as on the old Macintosh.
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

  /** Texts that are for programs: people, dates, tables, style sheets. */
  private static final Set<String> DATA =
      Set.of(
          "text/calendar",
          "text/x-vcalendar",
          "text/vcard",
          "text/x-vcard",
          "text/directory",
          "text/csv",
          "text/x-csv",
          "text/comma-separated-values",
          "text/tab-separated-values",
          "text/css",
          "text/javascript",
          "text/x-javascript",
          "text/x-amp-html",
          "text/rtf",
          "text/xml");

  /** Broken lines of a header are passed over, and nothing else is refused. */
  private static final MimeConfig LENIENT =
      MimeConfig.custom()
          .setMaxLineLen(-1)
          .setMaxHeaderCount(-1)
          .setMaxHeaderLen(-1)
          .setMaxContentLen(-1)
          .build();

  /** A part that is a text. */
  private record Piece(String text, boolean html, String encoding) {
    String asHtml() {
      return html ? text : "<pre>\n" + text.replace("&", "&amp;").replace("<", "&lt;") + "</pre>";
    }
  }

  /**
   * A multipart whose end has not come.
   *
   * @param alternative whether its parts say the same
   * @param boundary the line between its parts, as its header says
   * @param partsBefore how many parts had begun before its own
   * @param contents of its parts
   */
  private record Multipart(
      boolean alternative, @Nullable String boundary, int partsBefore, List<List<Piece>> contents) {
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

  /** Whether text stands before the parts of the multipart that was opened last. */
  private boolean hasPreamble;

  Mail(MailReading reading) {
    this.reading = reading;
  }

  TextContent read(byte[] read) {
    byte[] bytes = withLineFeeds(read);
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
    boolean html = pieces.stream().anyMatch(Piece::html);
    values.put(
        FileReading.TEXT,
        pieces.stream().map(html ? Piece::asHtml : Piece::text).collect(Collectors.joining("\n")));
    values.put(MailReading.HTML, html);
    return TextContent.of(values, pieces.isEmpty() ? "" : pieces.get(0).encoding());
  }

  /** The bytes with a line feed for each carriage return, if lines end by these alone. */
  private static byte[] withLineFeeds(byte[] bytes) {
    boolean returns = false;
    for (byte b : bytes) {
      if (b == '\n') {
        return bytes;
      }
      returns |= b == '\r';
    }
    if (!returns) {
      return bytes;
    }
    byte[] lines = bytes.clone();
    for (int i = 0; i < lines.length; i++) {
      lines[i] = lines[i] == '\r' ? (byte) '\n' : lines[i];
    }
    return lines;
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
    open.push(new Multipart(false, null, 0, new ArrayList<>()));
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
      case T_START_MULTIPART -> {
        BodyDescriptor descriptor = tokens.getBodyDescriptor();
        open.push(
            new Multipart(
                descriptor.getMimeType().equals("multipart/alternative"),
                descriptor.getBoundary(),
                parts,
                new ArrayList<>()));
        hasPreamble = false;
      }
      case T_PREAMBLE -> hasPreamble = !isBlank(tokens.getInputStream());
      case T_END_MULTIPART -> leaveMultipart(open.pop());
      case T_BODY -> takeBody(tokens);
      default -> {
        // What stands between and behind the parts is for programs that do not know MIME.
      }
    }
  }

  private static boolean isBlank(InputStream text) throws IOException {
    for (int b = text.read(); b >= 0; b = text.read()) {
      if (b > ' ') {
        return false;
      }
    }
    return true;
  }

  private void leaveMultipart(Multipart multipart) {
    if (attachedAt == 0 && parts == multipart.partsBefore() && hasPreamble) {
      fault =
          "part %s is said to be parts between lines of --%s, and has no such line"
              .formatted(parts, multipart.boundary());
    }
    open.getFirst().contents().add(multipart.content());
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
    if (attachedAt > 0 || !type.startsWith("text/") || DATA.contains(type)) {
      return;
    }
    String charset = descriptor.getCharset();
    byte[] bytes;
    try {
      bytes = TransferEncoding.decode(tokens.getInputStream(), descriptor.getTransferEncoding());
    } catch (InvalidInput e) {
      fault = "text in part %s: %s".formatted(parts, e.getMessage());
      return;
    }
    Decoded decoded = EncodedWords.text(bytes, charset == null ? "" : charset, reading.encoding());
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
