package io.meseta.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory as the journal sees it. What is written becomes durable by {@link DiskFile#force};
 * that a file exists, has a name or is gone becomes durable by {@link #forceDirectory}. Belongs to
 * one thread at a time.
 */
public interface Disk extends AutoCloseable {
  /** Names of all files, in no particular order. */
  List<String> list() throws IOException;

  /** Opens a file that exists. */
  DiskFile open(String name) throws IOException;

  /** Makes a new, empty file; fails if it exists. */
  DiskFile create(String name) throws IOException;

  /** Renames a file, replacing another one of the new name in one step. */
  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  void forceDirectory() throws IOException;

  /** How to name a file to people. */
  String describe(String name);

  /** Gives up the directory, so that another process may use it. */
  @Override
  void close() throws IOException;

  /** One open file. */
  interface DiskFile extends AutoCloseable {
    long size() throws IOException;

    /** Reads until the buffer is full; fails at the end of the file. */
    void read(ByteBuffer into, long offset) throws IOException;

    /** Writes the whole buffer, growing the file if needed. */
    void write(ByteBuffer from, long offset) throws IOException;

    /** Makes everything written so far durable. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }
}
