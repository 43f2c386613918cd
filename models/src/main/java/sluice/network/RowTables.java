package sluice.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The large tables among the parameters of a network, of which a minibatch reads a few rows only,
 * and steps change no others; of what is frozen they change none. All else is called the rest.
 *
 * <p>The rows of all tables are numbered one table behind the other. The values of a row are its
 * parameters and, behind them, its part of each array of its updater's state.
 *
 * @param parameters how many the network has
 * @param updaterState how many numbers its updater's state has
 * @param tables in the order of the parameters
 */
public record RowTables(int parameters, int updaterState, List<Table> tables)
    implements Serializable {

  /**
   * A table of rows that lie one behind the other.
   *
   * @param at where it begins among the parameters
   * @param rows how many it has
   * @param width parameters of a row
   * @param states where it begins in each array of the updater's state; empty if that has none, or
   *     is not exchanged
   * @param frozen whether no step changes any row
   */
  public record Table(int at, int rows, int width, List<Integer> states, boolean frozen)
      implements Serializable {
    public Table {
      states = List.copyOf(states);
    }

    /** Whose rows steps change that read them. */
    public Table(int at, int rows, int width, List<Integer> states) {
      this(at, rows, width, states, false);
    }

    /** Parameters that no step changes, which have no state. */
    static Table ofFrozen(int at, int count) {
      return new Table(at, 1, count, List.of(), true);
    }

    int size() {
      return rows * width;
    }

    int valuesOfRow() {
      return width * (1 + states.size());
    }
  }

  /** Some numbers that lie one behind the other. */
  private record Span(int at, int size) {}

  public RowTables {
    tables = List.copyOf(tables);
  }

  /** Of a network without large tables. */
  public static RowTables none() {
    return new RowTables(0, 0, List.of());
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return tables.isEmpty();
  }

  /** Whether steps change rows of any: then it is too large for a copy of each round's. */
  public boolean learn() {
    return tables.stream().anyMatch(table -> !table.frozen);
  }

  /** How many parameters are in tables. */
  public long parametersOfTables() {
    return tables.stream().mapToLong(Table::size).sum();
  }

  /** How many parameters, and numbers of the updater's state that are exchanged, are of tables. */
  public long numbersOfTables() {
    return tables.stream().mapToLong(table -> (long) table.rows * table.valuesOfRow()).sum();
  }

  /**
   * How many of them steps on some examples change, at most.
   *
   * @param examples each of which reads a row of each table
   */
  public long numbersOf(long examples) {
    return tables.stream()
        .filter(table -> !table.frozen)
        .mapToLong(table -> Math.min(table.rows, examples) * table.valuesOfRow())
        .sum();
  }

  /** The same tables, of whose rows the parameters alone are exchanged. */
  public RowTables withoutStates() {
    return new RowTables(
        parameters,
        0,
        tables.stream()
            .map(table -> new Table(table.at, table.rows, table.width, List.of(), table.frozen))
            .toList());
  }

  /** The same network with as many rows in its tables. */
  public RowTables resized(int[] rows) {
    List<Table> resized = new ArrayList<>();
    for (int t = 0; t < rows.length; t++) {
      Table table = tables.get(t);
      resized.add(
          new Table(
              shifted(table.at, rows, false),
              rows[t],
              table.width,
              table.states.stream().map(at -> shifted(at, rows, true)).toList(),
              table.frozen));
    }
    return new RowTables(
        shifted(parameters, rows, false), shifted(updaterState, rows, true), resized);
  }

  private int shifted(int at, int[] rows, boolean state) {
    int shifted = at;
    for (int t = 0; t < rows.length; t++) {
      Table table = tables.get(t);
      int more = (rows[t] - table.rows) * table.width;
      for (int begin : state ? table.states : List.of(table.at)) {
        shifted += begin < at ? more : 0;
      }
    }
    return shifted;
  }

  /** The parameters outside of the tables; the array itself if there are no tables. */
  public float[] rest(float[] parameters) {
    return without(parameters, spans());
  }

  /** The updater's state outside of the tables' parts; the array itself if there are no tables. */
  public float[] restOfState(float[] state) {
    return without(state, stateSpans());
  }

  /** Overwrites the parameters outside of the tables. */
  public void putRest(float[] rest, float[] parameters) {
    put(rest, parameters, spans());
  }

  /** Overwrites the updater's state outside of the tables' parts. */
  public void putRestOfState(float[] rest, float[] state) {
    put(rest, state, stateSpans());
  }

  private List<Span> spans() {
    return tables.stream().map(table -> new Span(table.at, table.size())).toList();
  }

  private List<Span> stateSpans() {
    return tables.stream()
        .flatMap(table -> table.states.stream().map(at -> new Span(at, table.size())))
        .sorted(Comparator.comparingInt(Span::at))
        .toList();
  }

  private static float[] without(float[] whole, List<Span> spans) {
    if (spans.isEmpty()) {
      return whole;
    }
    float[] rest = new float[whole.length - spans.stream().mapToInt(Span::size).sum()];
    int at = 0;
    int from = 0;
    for (Span span : spans) {
      System.arraycopy(whole, from, rest, at, span.at - from);
      at += span.at - from;
      from = span.at + span.size;
    }
    System.arraycopy(whole, from, rest, at, whole.length - from);
    return rest;
  }

  private static void put(float[] rest, float[] whole, List<Span> spans) {
    int at = 0;
    int to = 0;
    for (Span span : spans) {
      System.arraycopy(rest, at, whole, to, span.at - to);
      at += span.at - to;
      to = span.at + span.size;
    }
    System.arraycopy(rest, at, whole, to, whole.length - to);
  }

  /**
   * Where the values of each of some rows begin, if they lie one behind the other; and, last, where
   * they end.
   *
   * @param rows their numbers, ascending
   */
  public int[] places(int[] rows) {
    int[] places = new int[rows.length + 1];
    int t = 0;
    int end = isEmpty() ? 0 : tables.get(0).rows;
    for (int i = 0; i < rows.length; i++) {
      while (rows[i] >= end) {
        t++;
        end += tables.get(t).rows;
      }
      places[i + 1] = Math.addExact(places[i], tables.get(t).valuesOfRow());
    }
    return places;
  }

  /** Copies the values of a row out of whole arrays. */
  public void read(int row, float[] parameters, float[] state, float[] to, int at) {
    int t = tableOf(row);
    Table table = tables.get(t);
    int place = (row - firstOf(t)) * table.width;
    System.arraycopy(parameters, table.at + place, to, at, table.width);
    for (int i = 0; i < table.states.size(); i++) {
      System.arraycopy(
          state, table.states.get(i) + place, to, at + (i + 1) * table.width, table.width);
    }
  }

  /**
   * Overwrites rows in whole arrays.
   *
   * @param state is not looked at where the tables have none
   */
  public void put(TableRows rows, float[] parameters, float[] state) {
    int at = 0;
    for (int row : rows.numbers()) {
      int t = tableOf(row);
      Table table = tables.get(t);
      int place = (row - firstOf(t)) * table.width;
      System.arraycopy(rows.values(), at, parameters, table.at + place, table.width);
      at += table.width;
      for (int begin : table.states) {
        System.arraycopy(rows.values(), at, state, begin + place, table.width);
        at += table.width;
      }
    }
  }

  /**
   * The squared Euclidean distance of parameters from others, in the order of the parameters.
   *
   * @param rest of the one
   * @param rows of the one; all others are equal
   * @param whole the others
   */
  public double squaredDistance(float[] rest, TableRows rows, float[] whole) {
    double sum = 0;
    int at = 0;
    int from = 0;
    int[] places = places(rows.numbers());
    int next = 0;
    for (int t = 0; t < tables.size(); t++) {
      Table table = tables.get(t);
      sum = added(sum, rest, at, whole, from, table.at - from);
      at += table.at - from;
      from = table.at + table.size();
      int first = firstOf(t);
      for (; next < rows.numbers().length && rows.numbers()[next] < first + table.rows; next++) {
        int place = table.at + (rows.numbers()[next] - first) * table.width;
        sum = added(sum, rows.values(), places[next], whole, place, table.width);
      }
    }
    return added(sum, rest, at, whole, from, rest.length - at);
  }

  private static double added(double sum, float[] a, int at, float[] b, int from, int count) {
    double more = sum;
    for (int i = 0; i < count; i++) {
      double difference = (double) a[at + i] - b[from + i];
      more += difference * difference;
    }
    return more;
  }

  private int tableOf(int row) {
    int t = 0;
    for (int end = tables.get(0).rows; row >= end; end += tables.get(t).rows) {
      t++;
    }
    return t;
  }

  /** The number of a table's first row. */
  public int firstOf(int table) {
    int first = 0;
    for (int t = 0; t < table; t++) {
      first += tables.get(t).rows;
    }
    return first;
  }
}
