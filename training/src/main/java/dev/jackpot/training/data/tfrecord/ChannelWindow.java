package dev.jackpot.training.data.tfrecord;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A part of a file as a stream; what is skipped is not read. Leaves the channel's position. */
final class ChannelWindow extends InputStream {
  private final FileChannel channel;
  private final long end;
  private long position;

  /**
   * @param start first byte
   * @param end one past the last
   */
  ChannelWindow(FileChannel channel, long start, long end) {
    this.channel = channel;
    this.position = start;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int most = (int) Math.min(length, end - position);
    if (most <= 0) {
      return length == 0 ? 0 : -1;
    }
    int n = channel.read(ByteBuffer.wrap(target, offset, most), position);
    position += Math.max(0, n);
    return n;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, end - position));
    position += skipped;
    return skipped;
  }

  /**
   * Fills an array from a place in a file.
   *
   * @throws EOFException if the file ends before it is full
   */
  static void readFully(FileChannel channel, long start, byte[] target) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(target);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, start + buffer.position()) < 0) {
        throw new EOFException("the file ends at byte " + (start + buffer.position()));
      }
    }
  }
}
