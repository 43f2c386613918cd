package sluice.network.compiled;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import sluice.data.InvalidInput;
import sluice.network.ProcessMemory;

/**
 * The places of all values of a minibatch and their gradients in one piece of memory off the heap.
 * All plans of a network share the memory, of which one at a time is at work.
 */
final class Arena {
  /** The most floats of a block: more bytes have no index. */
  private static final long MOST = Integer.MAX_VALUE / Float.BYTES;

  /** Floats of a cache line, at which each block begins. */
  private static final int LINE = 16;

  /** The memory itself, which grows. */
  static final class Memory {
    /** Held here, since the blocks only point into it. */
    private FloatPointer floats = new FloatPointer();

    private long capacity;

    /** How often it was made anew. */
    private int generation;

    private FloatPointer makeRoom(long count) {
      if (count > capacity) {
        // The old one first, that both need not fit.
        floats.deallocate();
        capacity = 0;
        floats = ProcessMemory.floats(count);
        capacity = count;
        generation++;
      }
      return floats;
    }
  }

  private final Memory memory;
  private final List<Block> blocks = new ArrayList<>();

  /** Blocks of one operation each; the operations, one of which is at work, share their place. */
  private final List<List<Block>> scratch = new ArrayList<>(List.of(new ArrayList<>()));

  /** Of the memory that the blocks point into. */
  private int generation;

  private int room;

  Arena(Memory memory) {
    this.memory = memory;
  }

  /**
   * A new block, which has its place once there is room for examples.
   *
   * @param size floats of an example
   */
  Block block(int size) {
    Block block = new Block(size);
    blocks.add(block);
    return block;
  }

  /**
   * A new block of so many floats, however many examples there are, for what an operation needs
   * while it runs: others write there, too.
   */
  Block scratch(int size) {
    Block block = new Block(size);
    scratch.get(scratch.size() - 1).add(block);
    return block;
  }

  /** Says that further blocks of {@link #scratch} are another operation's. */
  void endOperation() {
    scratch.add(new ArrayList<>());
  }

  /** Makes room for so many examples; what the blocks held may be lost. */
  void makeRoom(int examples) {
    if (examples <= room && generation == memory.generation) {
      return;
    }
    long total = blocks.stream().mapToLong(block -> length(block, examples)).sum();
    long shared =
        scratch.stream()
            .mapToLong(of -> of.stream().mapToLong(block -> length(block, 1)).sum())
            .max()
            .orElse(0);
    FloatPointer bound = memory.makeRoom(total + shared + LINE);
    generation = memory.generation;
    long at = (LINE - bound.address() / Float.BYTES % LINE) % LINE;
    for (Block block : blocks) {
      block.bind(bound.getPointer(at).capacity((long) block.size() * examples));
      at += length(block, examples);
    }
    for (List<Block> ofOperation : scratch) {
      long place = at;
      for (Block block : ofOperation) {
        block.bind(bound.getPointer(place).capacity(block.size()));
        place += length(block, 1);
      }
    }
    room = examples;
  }

  /**
   * Refuses what is too large for a block.
   *
   * @param size floats of an example, below 2^60
   * @throws InvalidInput (configuration)
   */
  static void requireRoom(long size, int examples) {
    if (size * examples > MOST) {
      throw InvalidInput.configuration(
          "an array of the network must have at most %,d numbers, got %,d x %,d of a minibatch: fewer examples in it, or shorter series, or smaller layers have room"
              .formatted(MOST, examples, size));
    }
  }

  private static long length(Block block, int examples) {
    requireRoom(block.size(), examples);
    long floats = (long) block.size() * examples;
    return (floats + LINE - 1) / LINE * LINE;
  }
}
