package sluice.split;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.testing.LocalSpark;

class RowKeyTest {

  @ParameterizedTest
  @CsvSource({
    "0123456789abcdef0123456789abcdef#12, 0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef#, 0123456789abcdef0123456789abcdef#",
    "00ff#1, 00ff#1",
    "user-7, user-7"
  })
  void contentIsWhatEqualRowsShare(String key, String content) {
    assertThat(RowKey.content(key)).isEqualTo(content);
  }

  @Test
  void hashIsTheStartOfTheSha256() throws Exception {
    byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 5, 's', 'p', 'l', 'i', 't', 'k'};
    long expected = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong();
    assertThat(RowKey.seededHash(42, "split", "k")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789abcdef0123456789abcdef#0",
        "0123456789abcdef0123456789abcdef#0\n",
        "user-7#1",
        "",
        "ключ#2"
      })
  void bothFacesAgree(String key) {
    Row row =
        LocalSpark.session()
            .createDataset(List.of(key), Encoders.STRING())
            .select(RowKey.content(col("value")), RowKey.seededHash(7, "stage", col("value")))
            .head();
    assertThat(row.getString(0)).isEqualTo(RowKey.content(key));
    assertThat(row.getLong(1)).isEqualTo(RowKey.seededHash(7, "stage", key));
  }
}
