package sluice.clean.text;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.clean.Cleaning;
import sluice.clean.DropColumns;
import sluice.clean.RejectMissing;
import sluice.clean.Rename;
import sluice.clean.RowRule;
import sluice.clean.Rule;
import sluice.clean.Rule.At;
import sluice.clean.RuleOutcome;
import sluice.clean.text.MaskPersonal.Kind;
import sluice.clean.text.NormaliseText.Controls;
import sluice.clean.text.NormaliseText.Form;
import sluice.clean.text.NormaliseText.Spaces;
import sluice.data.AcceptedRejected;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.RawRecord;
import sluice.testing.LocalSpark;

/** Both faces of the rules for texts say and do the same on texts that were made to break them. */
class TextFacesTest {
  private static final DatasetContract CONTRACT =
      new DatasetContract(List.of(new Field("text", FieldType.STRING)));

  private static final List<@Nullable String> TEXTS =
      Arrays.asList(
          null,
          "",
          " ",
          "\u0000",
          "a\u0000b",
          "\u202eevil\u202c \u2067x\u2069",
          "pass\u200bword\ufeff",
          "\u0301\u0323",
          "a" + "\u0301\u0323".repeat(500),
          "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
          "\ud83c\udff3\ufe0f\u200d\ud83c\udf08",
          "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
          "\ufb01\uff11\u2460\ufdfa",
          "\r\n\u2028a\u2029\u0085b",
          "<p>One <b>bold</b> word.<script>x()</script>",
          "&lt;&copy &#x110000; &#xd800; &unknown; &",
          "<div>".repeat(2000) + "deep",
          "<",
          "<!--",
          "</",
          "<a href='",
          "]]>",
          "Write to jo@example.org or +86 138-1234-5678, card 4111 1111 1111 1111, 11010519491231002X.",
          "The committee met on Thursday to discuss how the new library could be paid for.",
          "Der Ausschuss trat am Donnerstag zusammen, um zu beraten.",
          "\u59d4\u5458\u4f1a\u661f\u671f\u56db\u5f00\u4f1a\uff0c\u8ba8\u8bba\u65b0\u56fe\u4e66\u9986\u3002",
          "Here are five words now. Here are five more words. And these are the last five.\nMenu",
          "the and ".repeat(60),
          "lorem ipsum { }",
          "\ufffd\uffff\ufdd0",
          "x".repeat(5000));

  private static List<RowRule> rules() {
    List<RowRule> rules = new ArrayList<>();
    for (Form form : Form.values()) {
      for (Spaces spaces : Spaces.values()) {
        for (Controls controls : Controls.values()) {
          rules.add(new NormaliseText(List.of("text"), form, spaces, controls, At.ALWAYS));
        }
      }
    }
    rules.add(new StripHtml(List.of(), At.ALWAYS));
    rules.add(new MaskPersonal(List.of("text"), List.of(Kind.values()), At.ALWAYS));
    rules.add(length(RejectLength.Unit.CHARACTERS));
    rules.add(length(RejectLength.Unit.WORDS));
    rules.add(new RejectLanguage("text", List.of("en", "zh"), 0.5, At.ALWAYS));
    rules.add(new RejectQuality("text", new C4Quality(5, 3, C4Quality.Lines.DROP), At.ALWAYS));
    rules.add(new RejectQuality("text", gopher(), At.ALWAYS));
    return rules;
  }

  private static RejectLength length(RejectLength.Unit unit) {
    return new RejectLength(List.of("text"), 2, 20, unit, At.ALWAYS);
  }

  private static GopherQuality gopher() {
    return new GopherQuality(
        new GopherQuality.WordBounds(2, 1000, 1, 20, 0.1, 0.5, List.of("the", "and"), 1),
        new GopherQuality.LineBounds(0.9, 0.3),
        new Repetition(
            0.3,
            0.3,
            0.2,
            0.2,
            List.of(0.2, 0.18, 0.16),
            List.of(0.15, 0.14, 0.13, 0.12, 0.11, 0.1)));
  }

  @Test
  void facesAgree() {
    List<RowRule> rules = rules();
    List<Column> columns = new ArrayList<>();
    for (RowRule rule : rules) {
      columns.add(rule.rejection(CONTRACT));
      columns.add(rule.changes(CONTRACT).getOrDefault("text", col("text")));
    }
    List<Row> rows =
        LocalSpark.session()
            .createDataset(TEXTS, Encoders.STRING())
            .toDF("text")
            .select(columns.toArray(Column[]::new))
            .collectAsList();
    for (int i = 0; i < TEXTS.size(); i++) {
      RawRecord record = record(TEXTS.get(i));
      for (int k = 0; k < rules.size(); k++) {
        RowRule rule = rules.get(k);
        assertThat(rows.get(i).get(2 * k))
            .as("%s of %s", rule, record)
            .isEqualTo(rule.rejection(record));
        assertThat(rows.get(i).get(2 * k + 1))
            .as("%s of %s", rule, record)
            .isEqualTo(rule.change(record).value("text"));
      }
    }
  }

  private static RawRecord record(@Nullable String text) {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("text", text);
    return RawRecord.of(values);
  }

  /** All of them in a row, on any number of partitions, as a scorer does it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void aChainIsTheSameOnAnyPartitions(int partitions) {
    Cleaning cleaning =
        new Cleaning(
            CONTRACT,
            List.of(
                new NormaliseText(List.of(), Form.NFKC, Spaces.LINES, Controls.REMOVE, At.ALWAYS),
                new StripHtml(List.of(), At.ALWAYS),
                new MaskPersonal(List.of(), List.of(Kind.values()), At.ALWAYS),
                new RejectMissing(List.of("text")),
                length(RejectLength.Unit.WORDS),
                new RejectLanguage("text", List.of("en", "zh"), 0.5, At.ALWAYS)));
    AcceptedRejected split = cleaning.apply(table(TEXTS).repartition(partitions));
    Map<String, List<@Nullable Object>> found = new HashMap<>();
    split
        .accepted()
        .collectAsList()
        .forEach(row -> found.put(row.getString(0), Arrays.asList(row.get(2))));
    split
        .rejected()
        .collectAsList()
        .forEach(row -> found.put(row.getString(0), Arrays.asList(row.get(2), row.get(3))));
    assertThat(found).hasSize(TEXTS.size());
    for (int i = 0; i < TEXTS.size(); i++) {
      RuleOutcome outcome = cleaning.apply(record(TEXTS.get(i)));
      List<@Nullable Object> expected =
          outcome instanceof RuleOutcome.Rejected rejected
              ? Arrays.asList(rejected.rule(), rejected.reason())
              : Arrays.asList(((RuleOutcome.Kept) outcome).record().value("text"));
      assertThat(found.get("k" + i)).as("%s", TEXTS.get(i)).isEqualTo(expected);
    }
  }

  private static Dataset<Row> table(List<@Nullable String> texts) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(RowFactory.create("k" + i, "source", texts.get(i)));
    }
    return LocalSpark.session()
        .createDataFrame(rows, StructType.fromDDL("_key string, _source string, text string"));
  }

  /** Rejects hold what was read, but personal data that a rule finds. */
  @Test
  void rejectsShowMaskedTextsMasked() {
    DatasetContract contract =
        new DatasetContract(
            List.of(
                new Field("text", FieldType.STRING),
                new Field("other", FieldType.STRING),
                new Field("n", FieldType.INT)));
    List<Rule> rules =
        List.of(
            new NormaliseText(List.of("text"), Form.NONE, Spaces.KEEP, Controls.REMOVE, At.ALWAYS),
            new Rename("text", "message"),
            new MaskPersonal(List.of("message"), List.of(Kind.PHONE), At.ALWAYS),
            new RejectLength(
                List.of("message", "other"), 100, null, RejectLength.Unit.CHARACTERS, At.ALWAYS),
            new DropColumns(List.of("other")));
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("k", "s", "<b>138\u200b1234\u200b5678", "13812345678", 7),
                    RowFactory.create("l", "s", null, null, null)),
                StructType.fromDDL("_key string, _source string, " + contract.ddl()));
    AcceptedRejected split = new Cleaning(contract, rules).apply(rows, "text");
    assertThat(split.rejected().collectAsList())
        .containsExactly(
            RowFactory.create(
                "k",
                "s",
                "rules[3] reject-length",
                "message: \"<b><PHONE>\" has 10 characters, must have at least 100; other:"
                    + " \"13812345678\" has 11 characters, must have at least 100",
                "<b><PHONE>",
                "13812345678",
                7));
    assertThat(split.accepted().collectAsList())
        .containsExactly(RowFactory.create("l", "s", null, null));
  }
}
