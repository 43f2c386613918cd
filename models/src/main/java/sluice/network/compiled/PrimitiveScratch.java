package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** What the primitives of an operation keep in its scratch while it runs. */
final class PrimitiveScratch {
  /** Floats of a cache line, at which each piece begins. */
  private static final int LINE = 16;

  private record Piece(memory numbers, int at) {}

  /** One computation of a primitive, which can be repeated. */
  record Call(stream queue, primitive kernel, IntMemoryMap arguments) {
    void run() {
      kernel.execute(queue, arguments);
    }
  }

  private final OneDnn oneDnn;
  private final stream queue;
  private final List<Piece> pieces = new ArrayList<>();
  private int size;
  private @Nullable Block room;

  PrimitiveScratch(OneDnn oneDnn) {
    this.oneDnn = oneDnn;
    queue = new stream(oneDnn.engine());
  }

  /** Memory that gets its place elsewhere. */
  memory elsewhere(memory.desc layout) {
    return new memory(layout, oneDnn.engine(), (Pointer) null);
  }

  /** Memory with a place of its own here. */
  memory memory(memory.desc layout) {
    memory numbers = elsewhere(layout);
    pieces.add(new Piece(numbers, place(layout)));
    return numbers;
  }

  /** A place here for as much as the layout takes. */
  private int place(memory.desc layout) {
    int at = size;
    size = Math.addExact(size, (floats(layout) + LINE - 1) / LINE * LINE);
    return at;
  }

  private static int floats(memory.desc layout) {
    return Math.toIntExact((layout.get_size() + Float.BYTES - 1) / Float.BYTES);
  }

  /** Pictures of a group, all and each of them. */
  final class Group {
    private final memory all;
    private final memory one;
    private final int at;
    private final int each;

    private Group(memory.desc ofAll, memory.desc ofOne) {
      at = size;
      all = memory(ofAll);
      one = elsewhere(ofOne);
      each = floats(ofOne);
    }

    memory all() {
      return all;
    }

    memory one() {
      return one;
    }

    /** Makes one of them what {@link #one} is. */
    void select(int index) {
      one.set_data_handle(requireNonNull(room).bytesAt(at + index * each));
    }
  }

  Group group(memory.desc ofAll, memory.desc ofOne) {
    return new Group(ofAll, ofOne);
  }

  /** The arguments of a primitive, which are to be completed. */
  IntMemoryMap arguments(primitive_desc_base kernel) {
    IntMemoryMap arguments = new IntMemoryMap();
    memory.desc pad = kernel.scratchpad_desc();
    if (pad.get_size() > 0) {
      arguments.put(dnnl.DNNL_ARG_SCRATCHPAD, memory(pad));
    }
    return arguments;
  }

  /** A primitive with what it reads and writes. */
  Call call(primitive kernel, IntMemoryMap arguments) {
    return new Call(queue, kernel, arguments);
  }

  /** Writes numbers in another layout. */
  Call copy(memory from, memory to) {
    return copy(from, to, new post_ops());
  }

  /** Adds numbers to those in another layout. */
  Call add(memory from, memory to) {
    post_ops sum = new post_ops();
    sum.append_sum();
    return copy(from, to, sum);
  }

  private Call copy(memory from, memory to, post_ops behind) {
    primitive_attr settings = new primitive_attr();
    settings.set_scratchpad_mode(scratchpad_mode.user);
    settings.set_post_ops(behind);
    reorder.primitive_desc kernel =
        new reorder.primitive_desc(
            oneDnn.engine(), from.get_desc(), oneDnn.engine(), to.get_desc(), settings, false);
    IntMemoryMap arguments = arguments(kernel);
    arguments.put(dnnl.DNNL_ARG_FROM, from);
    arguments.put(dnnl.DNNL_ARG_TO, to);
    return call(new reorder(kernel), arguments);
  }

  /** Takes as much scratch as it has come to. */
  void build(Compilation compilation) {
    room = compilation.scratch(size);
  }

  /** Takes its place, which may be another in each step. */
  void bind() {
    for (Piece piece : pieces) {
      piece.numbers.set_data_handle(requireNonNull(room).bytesAt(piece.at));
    }
  }
}
