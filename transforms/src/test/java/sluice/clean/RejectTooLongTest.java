package sluice.clean;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.testing.LocalSpark;

/** The rule that the guide adds does what a rule must. */
class RejectTooLongTest {
  private static final List<String> TEXTS =
      Arrays.asList("", "abc", "abcd", "äöü", "äöüß", "\ud83d\ude00\ud83d\ude00", null);

  private static final DatasetContract CONTRACT =
      new DatasetContract(List.of(new Field("name", FieldType.STRING)));

  private final RejectTooLong rule = new RejectTooLong("name", 3, Rule.At.ALWAYS);

  @Test
  void bothFacesRejectTheSameRowsWithTheSameWords() {
    List<@Nullable String> java = new ArrayList<>();
    List<@Nullable String> spark = new ArrayList<>();
    for (Row row :
        LocalSpark.session()
            .createDataset(TEXTS, Encoders.STRING())
            .toDF("name")
            .select(col("name"), rule.rejection(CONTRACT))
            .collectAsList()) {
      Map<String, @Nullable Object> record = new HashMap<>();
      record.put("name", row.get(0));
      java.add(rule.rejection(RawRecord.of(record)));
      spark.add((String) row.get(1));
    }
    assertThat(spark).isEqualTo(java);
    assertThat(java)
        .containsExactly(
            null,
            null,
            "name: \"abcd\" has more than 3 characters",
            null,
            "name: \"äöüß\" has more than 3 characters",
            null,
            null);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new RejectTooLong("name", 0, Rule.At.ALWAYS))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("most must be at least 1, got 0");
    assertThatThrownBy(
            () -> rule.outputOf(new DatasetContract(List.of(new Field("name", FieldType.INT)))))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("column name must be a string, is int");
  }
}
