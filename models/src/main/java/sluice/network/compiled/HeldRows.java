package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.network.RowTables.Table;

/**
 * The rows of a large table that a network holds, each in a slot of a small table, which it takes
 * when it is first read. All others stay where they are, in arrays that networks share.
 */
final class HeldRows {
  private final int rows;
  private final int width;

  /** By row; -1 for those that are not held. */
  private final int[] slots;

  /** By slot. */
  private int[] held = {};

  private int count;
  private @Nullable Block parameters;
  private @Nullable Block state;
  private @Nullable Table small;
  private @Nullable Table whole;
  private float[] allParameters = {};
  private float[] allState = {};
  private final float[] zeros;

  HeldRows(int rows, int width) {
    this.rows = rows;
    this.width = width;
    slots = new int[rows];
    Arrays.fill(slots, -1);
    zeros = new float[width];
  }

  int rows() {
    return rows;
  }

  int width() {
    return width;
  }

  int count() {
    return count;
  }

  /** The rows held, by their slots. */
  int[] held() {
    return Arrays.copyOf(held, count);
  }

  /** Whether so many more find a slot each. */
  boolean hasRoom(int more) {
    return count + more <= held.length || held.length == rows;
  }

  /**
   * Says where the slots are; what was held keeps its slots.
   *
   * @param state null if there is none
   */
  void bind(Block parameters, @Nullable Block state, Table small) {
    this.parameters = parameters;
    this.state = state;
    this.small = small;
    held = Arrays.copyOf(held, small.rows());
  }

  /** Says where a row is that is not held. */
  void readFrom(float[] parameters, Table whole) {
    this.whole = whole;
    allParameters = parameters;
  }

  /**
   * Says where the updater's state of a row is, also of those that are held already.
   *
   * @param all zeros if it is empty
   */
  void readStateFrom(float[] all) {
    allState = all;
    for (int slot = 0; slot < count; slot++) {
      readState(held[slot], slot);
    }
  }

  /** Lets go of all rows. */
  void clear() {
    for (int slot = 0; slot < count; slot++) {
      slots[held[slot]] = -1;
    }
    count = 0;
  }

  /** The slot of a row, which is held from now on. */
  int slot(int row) {
    if (slots[row] < 0) {
      int slot = count++;
      held[slot] = row;
      slots[row] = slot;
      requireNonNull(parameters)
          .write(
              requireNonNull(small).at() + slot * width,
              allParameters,
              requireNonNull(whole).at() + row * width,
              width);
      readState(row, slot);
    }
    return slots[row];
  }

  private void readState(int row, int slot) {
    Table to = requireNonNull(small);
    Table from = requireNonNull(whole);
    for (int i = 0; i < to.states().size(); i++) {
      Block block = requireNonNull(state);
      int at = to.states().get(i) + slot * width;
      if (allState.length == 0) {
        block.write(at, zeros, width);
      } else {
        block.write(at, allState, from.states().get(i) + row * width, width);
      }
    }
  }
}
