package dev.jackpot.training.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file on a disk with room for a number of bytes: writes what fits, then fails as a full disk
 * does.
 */
final class FullChannel extends FileChannel {
  private final FileChannel file;
  private final long room;

  FullChannel(Path path, long room) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    this.room = room;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    if (position >= room) {
      throw new IOException("No space left on device");
    }
    int length = (int) Math.min(source.remaining(), room - position);
    int written = file.write(source.slice(source.position(), length), position);
    source.position(source.position() + written);
    return written;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    file.force(metaData);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }

  @Override
  public int read(ByteBuffer target) {
    throw notUsed();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw notUsed();
  }

  @Override
  public int write(ByteBuffer source) {
    throw notUsed();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw notUsed();
  }

  @Override
  public long position() {
    throw notUsed();
  }

  @Override
  public FileChannel position(long newPosition) {
    throw notUsed();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw notUsed();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw notUsed();
  }

  @Override
  public int read(ByteBuffer target, long position) {
    throw notUsed();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw notUsed();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw notUsed();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw notUsed();
  }

  /** The log writes at positions and nothing else; a call of any other method is a failed test. */
  private static AssertionError notUsed() {
    return new AssertionError("the log only writes at a position, forces and truncates");
  }
}
