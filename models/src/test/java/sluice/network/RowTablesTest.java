package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowTablesTest {
  /** Two parameters, 3 rows of 2, one parameter, 2 rows of 1, one more; two arrays of state. */
  private static final RowTables TABLES =
      new RowTables(
          12,
          24,
          List.of(
              new RowTables.Table(2, 3, 2, List.of(2, 14)),
              new RowTables.Table(9, 2, 1, List.of(9, 21))));

  private static float[] counted(int length, int from) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = from + i;
    }
    return values;
  }

  @Test
  void theRestIsAllOutsideOfTheTables() {
    assertThat(TABLES.rest(counted(12, 0))).containsExactly(0, 1, 8, 11);
    assertThat(TABLES.restOfState(counted(24, 100)))
        .containsExactly(100, 101, 108, 111, 112, 113, 120, 123);
    float[] parameters = new float[12];
    TABLES.putRest(new float[] {1, 2, 3, 4}, parameters);
    assertThat(parameters).containsExactly(1, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4);
    float[] same = counted(3, 0);
    assertThat(RowTables.none().rest(same)).isSameAs(same);
  }

  @Test
  void aRowHasItsParametersAndItsPartsOfTheState() {
    int[] rows = {1, 2, 4};
    assertThat(TABLES.places(rows)).containsExactly(0, 6, 12, 15);
    float[] values = new float[15];
    for (int i = 0; i < rows.length; i++) {
      TABLES.read(rows[i], counted(12, 0), counted(24, 100), values, TABLES.places(rows)[i]);
    }
    assertThat(values)
        .containsExactly(4, 5, 104, 105, 116, 117, 6, 7, 106, 107, 118, 119, 10, 110, 122);
    float[] parameters = new float[12];
    float[] state = new float[24];
    TABLES.put(new TableRows(rows, values), parameters, state);
    assertThat(parameters).containsExactly(0, 0, 0, 0, 4, 5, 6, 7, 0, 0, 10, 0);
    assertThat(state)
        .containsExactly(
            0, 0, 0, 0, 104, 105, 106, 107, 0, 0, 110, 0, 0, 0, 0, 0, 116, 117, 118, 119, 0, 0, 122,
            0);
  }

  @Test
  void withoutStatesARowHasItsParametersAlone() {
    RowTables without = TABLES.withoutStates();
    assertThat(without.places(new int[] {0, 4})).containsExactly(0, 2, 3);
    assertThat(without.numbersOfTables()).isEqualTo(8);
    assertThat(TABLES.numbersOfTables()).isEqualTo(24);
    assertThat(TABLES.parametersOfTables()).isEqualTo(8);
    assertThat(TABLES.numbersOf(2)).isEqualTo(2 * 6 + 2 * 3);
  }

  @Test
  void resizedTablesShiftWhatIsBehindThem() {
    assertThat(TABLES.resized(new int[] {5, 1}))
        .isEqualTo(
            new RowTables(
                15,
                30,
                List.of(
                    new RowTables.Table(2, 5, 2, List.of(2, 17)),
                    new RowTables.Table(13, 1, 1, List.of(13, 28)))));
  }

  @Test
  void rowsThatAreNotThereAreAtNoDistance() {
    float[] whole = counted(12, 0);
    TableRows rows = new TableRows(new int[] {2, 3}, new float[] {6, 9, 9.5f});
    assertThat(TABLES.withoutStates().squaredDistance(new float[] {0, 1, 8, 14}, rows, whole))
        .isEqualTo(4 + 0.25 + 9);
  }
}
