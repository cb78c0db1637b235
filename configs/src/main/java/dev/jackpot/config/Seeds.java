package dev.jackpot.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Sub-seeds drawn from an experiment's master seed by name: {@code init}, {@code order/STAGE}, {@code
 * augmentation/STAGE}, {@code masks/STAGE}. Changing what one of them is used for moves none of the others.
 *
 * @param master the experiment's seed
 */
public record Seeds(long master) {
  /** The first eight bytes of SHA-256(master, name). */
  public long of(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(master).array());
      return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
