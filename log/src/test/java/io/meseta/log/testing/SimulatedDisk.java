package io.meseta.log.testing;

import io.meseta.kernel.Rng;
import io.meseta.log.journal.Disk;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory in memory that knows what is durable and what is not. Every call that changes
 * something is one operation; {@link #failAfter} lets the disk die at one of them. {@link #crash}
 * is the loss of power: unforced writes are lost, kept or torn, unforced names likewise, as the
 * random source decides; afterwards the disk can be opened again.
 *
 * <p>The object stands for the hardware: it survives {@link #close} and any number of crashes.
 */
public final class SimulatedDisk implements Disk {
  /** Thrown by every call once the disk has died. */
  public static final class DiskFailure extends IOException {
    private static final long serialVersionUID = 1;

    DiskFailure(String operation) {
      super("simulated failure at " + operation);
    }
  }

  /** Contents as the running system sees them, and what of them is not durable yet. */
  private static final class Inode {
    byte[] durable = new byte[0];
    byte[] current = new byte[0];
    final List<Write> unforced = new ArrayList<>();
  }

  private static final class Write {
    final byte[] bytes;
    final int offset;

    Write(byte[] bytes, int offset) {
      this.bytes = bytes;
      this.offset = offset;
    }
  }

  private sealed interface NameChange {
    record Create(String name, Inode inode) implements NameChange {}

    record Rename(String from, String to) implements NameChange {}

    record Delete(String name) implements NameChange {}
  }

  private final Map<String, Inode> durableNames = new LinkedHashMap<>();
  private final Map<String, Inode> names = new LinkedHashMap<>();
  private final List<NameChange> unforcedNames = new ArrayList<>();
  private long operations;
  private long failAt = Long.MAX_VALUE;
  private boolean dead;
  private int life;

  /** Operations so far. */
  public long operations() {
    return operations;
  }

  /** Lets {@code more} operations succeed; the next one is cut off in the middle. */
  public void failAfter(long more) {
    failAt = operations + more;
  }

  /** Loss of power. What was not forced is decided by {@code rng}; the disk works again. */
  public void crash(Rng rng) {
    int keptNames = rng.nextInt(unforcedNames.size() + 1);
    for (NameChange change : unforcedNames.subList(0, keptNames)) {
      apply(durableNames, change);
    }
    for (Inode inode : durableNames.values()) {
      for (Write write : inode.unforced) {
        tear(inode, write, rng);
      }
      inode.current = inode.durable.clone();
      inode.unforced.clear();
    }
    names.clear();
    names.putAll(durableNames);
    unforcedNames.clear();
    failAt = Long.MAX_VALUE;
    dead = false;
    life++;
  }

  /** The process dies but the machine does not: everything written stays. */
  public void kill() {
    failAt = Long.MAX_VALUE;
    dead = false;
    life++;
  }

  /** An unforced write reaches the platter wholly, not at all, up to some byte, or in sectors. */
  private static void tear(Inode inode, Write write, Rng rng) {
    int sector = 512;
    switch (rng.nextInt(4)) {
      case 0 -> {}
      case 1 -> inode.durable = written(inode.durable, write, 0, write.bytes.length);
      case 2 -> {
        int length = rng.nextInt(write.bytes.length + 1);
        inode.durable = written(inode.durable, write, 0, length);
      }
      default -> {
        for (int at = 0; at < write.bytes.length; at += sector) {
          if (rng.chance(0.5)) {
            int length = Math.min(sector, write.bytes.length - at);
            inode.durable = written(inode.durable, write, at, length);
          }
        }
      }
    }
  }

  private static byte[] written(byte[] contents, Write write, int from, int length) {
    int start = write.offset + from;
    byte[] result = contents;
    if (result.length < start + length) {
      result = Arrays.copyOf(result, start + length);
    }
    System.arraycopy(write.bytes, from, result, start, length);
    return result;
  }

  /** Flips one bit of a file, durably. */
  public void flipBit(String name, int offset, int bit) {
    Inode inode = names.get(name);
    if (inode == null || offset >= inode.durable.length) {
      throw new IllegalArgumentException("no byte " + offset + " of " + name + " is durable");
    }
    inode.durable[offset] ^= (byte) (1 << bit);
    inode.current[offset] ^= (byte) (1 << bit);
  }

  /** What a reader of the running system would see. */
  public byte[] contents(String name) {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return inode.current.clone();
  }

  /** Whether the call may happen; the first one that may not is told so it can happen by half. */
  private boolean cutOff(String operation, int callersLife) throws DiskFailure {
    if (dead || callersLife != life) {
      throw new DiskFailure(operation);
    }
    dead = operations >= failAt;
    operations++;
    return dead;
  }

  private void step(String operation) throws DiskFailure {
    if (cutOff(operation, life)) {
      throw new DiskFailure(operation);
    }
  }

  private static void apply(Map<String, Inode> directory, NameChange change) {
    switch (change) {
      case NameChange.Create(String name, Inode inode) -> directory.put(name, inode);
      case NameChange.Rename(String from, String to) -> {
        Inode inode = directory.remove(from);
        if (inode != null) {
          directory.put(to, inode);
        }
      }
      case NameChange.Delete(String name) -> directory.remove(name);
    }
  }

  private void change(NameChange change) {
    apply(names, change);
    unforcedNames.add(change);
  }

  private Inode inode(String name) throws FileNotFoundException {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new FileNotFoundException(name);
    }
    return inode;
  }

  @Override
  public List<String> list() throws IOException {
    if (dead) {
      throw new DiskFailure("list");
    }
    return List.copyOf(names.keySet());
  }

  @Override
  public DiskFile open(String name) throws IOException {
    if (dead) {
      throw new DiskFailure("open " + name);
    }
    return new File(name, inode(name), life);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    if (names.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    step("create " + name);
    Inode inode = new Inode();
    change(new NameChange.Create(name, inode));
    return new File(name, inode, life);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    inode(from);
    step("rename " + from);
    change(new NameChange.Rename(from, to));
  }

  @Override
  public void delete(String name) throws IOException {
    inode(name);
    step("delete " + name);
    change(new NameChange.Delete(name));
  }

  @Override
  public void forceDirectory() throws IOException {
    step("force of the directory");
    unforcedNames.forEach(change -> apply(durableNames, change));
    unforcedNames.clear();
  }

  @Override
  public String describe(String name) {
    return "simulated/" + name;
  }

  @Override
  public void close() {}

  private final class File implements DiskFile {
    private final String name;
    private final Inode inode;
    private final int openedIn;

    File(String name, Inode inode, int openedIn) {
      this.name = name;
      this.inode = inode;
      this.openedIn = openedIn;
    }

    @Override
    public long size() {
      return inode.current.length;
    }

    @Override
    public void read(ByteBuffer into, long offset) throws IOException {
      if (dead) {
        throw new DiskFailure("read of " + name);
      }
      if (offset + into.remaining() > inode.current.length) {
        throw new EOFException(name);
      }
      into.put(inode.current, (int) offset, into.remaining());
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      boolean half = cutOff("write of " + name, openedIn);
      byte[] bytes = new byte[half ? from.remaining() / 2 : from.remaining()];
      from.get(bytes);
      Write write = new Write(bytes, (int) offset);
      inode.current = written(inode.current, write, 0, bytes.length);
      inode.unforced.add(write);
      if (half) {
        throw new DiskFailure("write of " + name);
      }
    }

    @Override
    public void force() throws IOException {
      if (cutOff("force of " + name, openedIn)) {
        throw new DiskFailure("force of " + name);
      }
      inode.durable = inode.current.clone();
      inode.unforced.clear();
    }

    @Override
    public void close() {}
  }
}
