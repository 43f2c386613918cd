package sluice.network.compiled;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/** One piece of memory off the heap for all values of a minibatch and their gradients. */
final class Arena {
  /** Floats of a cache line, at which each block begins. */
  private static final int LINE = 16;

  private final List<Block> blocks = new ArrayList<>();

  /** Blocks of one operation at a time, which share their place. */
  private final List<Block> scratch = new ArrayList<>();

  /** Held here, since the blocks only point into it. */
  private FloatPointer memory = new FloatPointer();

  private int room;

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
    scratch.add(block);
    return block;
  }

  /** Makes room for so many examples; what the blocks held is lost if there was less. */
  void makeRoom(int examples) {
    if (examples <= room) {
      return;
    }
    long total = blocks.stream().mapToLong(block -> length(block, examples)).sum();
    long shared = scratch.stream().mapToLong(block -> length(block, 1)).max().orElse(0);
    // The old one first, that both need not fit.
    memory.deallocate();
    memory = new FloatPointer(total + shared + LINE);
    long at = (LINE - memory.address() / Float.BYTES % LINE) % LINE;
    for (Block block : blocks) {
      block.bind(memory.getPointer(at).capacity((long) block.size() * examples));
      at += length(block, examples);
    }
    for (Block block : scratch) {
      block.bind(memory.getPointer(at).capacity(block.size()));
    }
    room = examples;
  }

  private static long length(Block block, int examples) {
    long floats = (long) block.size() * examples;
    return (floats + LINE - 1) / LINE * LINE;
  }
}
