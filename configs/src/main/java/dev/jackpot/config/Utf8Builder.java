package dev.jackpot.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A string put together from characters and from escaped bytes, checked as a whole. */
final class Utf8Builder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StringBuilder pending = new StringBuilder();
  private boolean valid = true;

  void add(char unit) {
    pending.append(unit);
  }

  void addByte(int value) {
    flush();
    bytes.write(value);
  }

  /** The string, or nothing if a surrogate stands alone or the bytes are not UTF-8. */
  Optional<String> text() {
    flush();
    if (!valid) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private void flush() {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(pending));
      bytes.write(encoded.array(), encoded.arrayOffset(), encoded.remaining());
    } catch (CharacterCodingException e) {
      valid = false;
    }
    pending.setLength(0);
  }
}
