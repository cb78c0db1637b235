package dev.jackpot.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Sub-seeds drawn from an experiment's master seed by name: {@code init}, {@code order/STAGE},
 * {@code augmentation/STAGE}, {@code masks/STAGE}, {@code dropout/STAGE}. Changing what one of them
 * is used for moves none of the others, and a resumed run that asks again gets the same.
 *
 * @param master the experiment's seed
 */
public record Seeds(long master) {
  /** The first eight bytes, big-endian, of SHA-256(master as eight bytes, name in UTF-8). */
  public long of(String name) {
    byte[] use = name.getBytes(StandardCharsets.UTF_8);
    byte[] input = ByteBuffer.allocate(Long.BYTES + use.length).putLong(master).put(use).array();
    return ByteBuffer.wrap(sha256(input)).getLong();
  }

  static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
