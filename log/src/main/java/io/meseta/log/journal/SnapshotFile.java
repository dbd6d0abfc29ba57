package io.meseta.log.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Snapshots as files: a header, frames with the state's records, and an end that counts them. */
final class SnapshotFile {
  /** Records are gathered into frames of about this size. */
  private static final int FRAME_BYTES = 1 << 20;

  private SnapshotFile() {}

  /** Writes a snapshot that is durable before it gets its name. */
  static void write(Disk disk, long position, List<byte[]> state) throws IOException {
    FileName name = new FileName(FileName.Kind.SNAPSHOT, position);
    String unfinished = name + FileName.UNFINISHED;
    try (Disk.DiskFile file = disk.create(unfinished)) {
      long offset = append(file, 0, new FileHeader(position).encode());
      List<byte[]> part = new ArrayList<>();
      long partBytes = 0;
      for (byte[] record : state) {
        part.add(record);
        partBytes += record.length;
        if (partBytes >= FRAME_BYTES) {
          offset = append(file, offset, new Frame(Frame.Kind.STATE, position, part).encode());
          part.clear();
          partBytes = 0;
        }
      }
      if (!part.isEmpty()) {
        offset = append(file, offset, new Frame(Frame.Kind.STATE, position, part).encode());
      }
      append(file, offset, new Frame(Frame.Kind.STATE_END, state.size(), List.of()).encode());
      file.force();
    }
    disk.rename(unfinished, name.toString());
    disk.forceDirectory();
  }

  private static long append(Disk.DiskFile file, long offset, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    file.write(bytes, offset);
    return offset + length;
  }

  /** Reads a whole snapshot and checks it to its end. */
  static Journal.Snapshot read(Disk disk, FileName name) throws IOException {
    String description = disk.describe(name.toString());
    ByteBuffer bytes;
    try (Disk.DiskFile file = disk.open(name.toString())) {
      bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
      file.read(bytes, 0);
    }
    bytes.flip();
    FileHeader.check(bytes, description, name.position());
    List<byte[]> state = new ArrayList<>();
    int offset = FileHeader.BYTES;
    while (true) {
      switch (Frame.parse(bytes, offset)) {
        case Frame.Parsed.Valid(Frame frame, int next) -> {
          if (frame.kind() == Frame.Kind.STATE_END && frame.firstPosition() == state.size()) {
            return new Journal.Snapshot(name.position(), state);
          }
          if (frame.kind() != Frame.Kind.STATE) {
            throw new CorruptJournalException(
                description, offset, "unexpected " + frame.kind() + " after " + state.size());
          }
          state.addAll(frame.records());
          offset = next;
        }
        case Frame.Parsed.Nothing nothing ->
            throw new CorruptJournalException(description, offset, "the end is missing");
        case Frame.Parsed.Invalid(String reason) ->
            throw new CorruptJournalException(description, offset, reason);
      }
    }
  }
}
