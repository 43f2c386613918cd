package sluice.evaluation.metric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The values of one raw column, by which results are told apart: a dictionary, sorted by text, and
 * one code a row. Four bytes a row.
 */
public final class SliceColumn {
  /** The code of a missing value. */
  public static final int MISSING = -1;

  private final String name;
  private final List<String> values;
  private final int[] codes;

  private SliceColumn(String name, List<String> values, int[] codes) {
    this.name = name;
    this.values = values;
    this.codes = codes;
  }

  /** The column of these values, one a row; null where missing. */
  public static SliceColumn of(String name, List<? extends @Nullable String> rows) {
    Builder builder = new Builder(name);
    rows.forEach(builder::add);
    return builder.build();
  }

  /** The raw column. */
  public String name() {
    return name;
  }

  /** The distinct values, sorted; a row's code is an index of this list. */
  public List<String> values() {
    return values;
  }

  /** The code of a row's value, or {@link #MISSING}. */
  public int code(int row) {
    return codes[row];
  }

  /** The number of rows. */
  public int rows() {
    return codes.length;
  }

  /** These rows, in this order. */
  public SliceColumn select(int[] rows) {
    int[] selected = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = codes[rows[i]];
    }
    return new SliceColumn(name, values, selected);
  }

  /** Takes one value a row. */
  public static final class Builder {
    private final String name;
    private final Map<String, Integer> codeOf = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private final IntList codes = new IntList();

    public Builder(String name) {
      this.name = name;
    }

    public void add(@Nullable String value) {
      if (value == null) {
        codes.add(MISSING);
        return;
      }
      Integer code = codeOf.get(value);
      if (code == null) {
        code = values.size();
        codeOf.put(value, code);
        values.add(value);
      }
      codes.add(code);
    }

    /** Codes in the order of the texts, so that the order of the rows leaves no trace. */
    public SliceColumn build() {
      List<String> sorted = List.copyOf(new TreeSet<>(values));
      int[] rank = new int[values.size()];
      for (int i = 0; i < rank.length; i++) {
        rank[i] = Collections.binarySearch(sorted, values.get(i));
      }
      int[] ranked = codes.toArray();
      for (int i = 0; i < ranked.length; i++) {
        ranked[i] = ranked[i] == MISSING ? MISSING : rank[ranked[i]];
      }
      return new SliceColumn(name, sorted, ranked);
    }
  }
}
