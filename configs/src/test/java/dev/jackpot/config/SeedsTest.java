package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeedsTest {
  /** From outside: {@code printf '\0\0\0\0\0\0\0\1init' | sha256sum | cut -c1-16}. */
  @Test
  void aSeedIsTheHashOfTheMasterAndTheName() {
    assertThat(Long.toHexString(new Seeds(1).of("init"))).isEqualTo("754d49efabac8358");
  }

  @Test
  void noTwoUsesOrMastersShareASeed() {
    long distinct =
        LongStream.range(-500, 500)
            .boxed()
            .flatMap(
                m ->
                    Stream.of("init", "order/train", "order/search", "augmentation/train")
                        .map(new Seeds(m)::of))
            .distinct()
            .count();
    assertThat(distinct).isEqualTo(4000);
  }
}
