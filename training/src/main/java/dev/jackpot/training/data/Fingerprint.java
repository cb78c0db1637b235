package dev.jackpot.training.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digest of a data set's content, so that a manifest can say which images a result belongs to. */
public final class Fingerprint {
  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String of(DataSet data) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.number(data.classes());
    for (String name : data.classNames()) {
      fingerprint.text(name);
    }
    fingerprint.split(data.train());
    fingerprint.split(data.test());
    data.validation().ifPresent(fingerprint::split);
    return HexFormat.of().formatHex(fingerprint.digest.digest());
  }

  private void split(Split split) {
    ImageShape shape = split.shape();
    number(split.size());
    number(shape.height());
    number(shape.width());
    number(shape.channels());
    for (int i = 0; i < split.size(); i++) {
      split.identify(i, this);
    }
  }

  /** Adds a number. */
  public void number(int value) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /** Adds a text and its length. */
  public void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }

  /** Adds bytes, but not how many. */
  public void bytes(byte[] bytes) {
    digest.update(bytes);
  }
}
