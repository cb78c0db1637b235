package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Data;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchesTest {
  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final DataSet DATA = Sets.set(SHAPE, 103, 25);
  private static final Preparation AUGMENTED =
      Preparation.training(
          DATA, Data.newBuilder().setAugmentation(Augmentation.newBuilder().setPad(2)).build());
  private static final Preparation PLAIN = Preparation.evaluation(DATA, Data.getDefaultInstance());

  /** A copy of what a batch holds. */
  private record Content(List<Integer> labels, int images, int epoch, int step) {
    static Content of(Batch batch) {
      return new Content(
          Arrays.stream(batch.labels()).boxed().toList(),
          Arrays.hashCode(batch.images()),
          batch.epoch(),
          batch.step());
    }
  }

  private static Batches batches(int threads, int prefetch) {
    return Batches.training(DATA.train(), AUGMENTED, 1, 2, 10, prefetch, threads);
  }

  private static List<Content> read(Batches batches, int epoch, int firstStep) {
    List<Content> contents = new ArrayList<>();
    try (BatchStream stream = batches.open(epoch, firstStep)) {
      while (stream.hasNext()) {
        try (Batch batch = stream.next()) {
          contents.add(Content.of(batch));
        }
      }
    }
    return contents;
  }

  @Test
  void anEpochHasEveryImageOnceAndDropsTheLastPartialBatch() {
    Split numbered = Sets.split(new ImageShape(1, 1, 1), 23, 23); // label = index
    DataSet set = Sets.set(new ImageShape(1, 1, 1), 3, 3);
    Preparation preparation = Preparation.evaluation(set, Data.getDefaultInstance());
    try (Batches batches = Batches.training(numbered, preparation, 4, 5, 5, 2)) {
      assertThat(batches.stepsPerEpoch()).isEqualTo(4);
      assertThat(batches.imagesPerEpoch()).isEqualTo(20);
      List<Content> epoch = read(batches, 0, 0);
      assertThat(epoch).extracting(Content::step).containsExactly(0, 1, 2, 3);
      assertThat(epoch.stream().flatMap(c -> c.labels().stream()))
          .hasSize(20)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void contentDoesNotDependOnThreadsOrPrefetch() {
    List<Content> expected;
    try (Batches one = batches(1, 0)) {
      expected = read(one, 3, 0);
    }
    assertThat(expected).hasSize(10);
    for (int threads = 1; threads <= 4; threads++) {
      for (int prefetch : new int[] {0, 1, 3, 20}) {
        try (Batches many = batches(threads, prefetch)) {
          assertThat(read(many, 3, 0))
              .as("%d threads, prefetch %d", threads, prefetch)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void resumesAnywhere() {
    try (Batches batches = batches(2, 3)) {
      List<Content> whole = read(batches, 1, 0);
      for (int step = 0; step <= whole.size(); step++) {
        assertThat(read(batches, 1, step)).isEqualTo(whole.subList(step, whole.size()));
      }
    }
  }

  @Test
  void epochsAndSeedsDiffer() {
    try (Batches batches = batches(1, 2);
        Batches otherOrder = Batches.training(DATA.train(), AUGMENTED, 7, 2, 10, 2);
        Batches otherCrops = Batches.training(DATA.train(), AUGMENTED, 1, 7, 10, 2)) {
      List<Content> first = read(batches, 0, 0);
      assertThat(read(batches, 1, 0).get(0).labels()).isNotEqualTo(first.get(0).labels());
      assertThat(read(otherOrder, 0, 0).get(0).labels()).isNotEqualTo(first.get(0).labels());
      Content crops = read(otherCrops, 0, 0).get(0);
      assertThat(crops.labels()).isEqualTo(first.get(0).labels());
      assertThat(crops.images()).isNotEqualTo(first.get(0).images());
    }
  }

  @Test
  void evaluatesInOrderWithASmallerLastBatch() {
    try (Batches batches = Batches.evaluation(DATA.test(), PLAIN, 10, 2);
        BatchStream stream = batches.open(0, 0)) {
      assertThat(batches.stepsPerEpoch()).isEqualTo(3);
      assertThat(batches.imagesPerEpoch()).isEqualTo(25);
      int image = 0;
      byte[] pixels = new byte[SHAPE.size()];
      float[] expected = new float[SHAPE.size()];
      while (stream.hasNext()) {
        try (Batch batch = stream.next()) {
          assertThat(batch.size()).isEqualTo(batch.step() < 2 ? 10 : 5);
          assertThat(batch.images()).hasSize(batch.size() * SHAPE.size());
          for (int i = 0; i < batch.size(); i++, image++) {
            DATA.test().pixels(image, pixels);
            PLAIN.apply(pixels, 0L, expected, 0);
            int from = i * SHAPE.size();
            assertThat(Arrays.copyOfRange(batch.images(), from, from + SHAPE.size()))
                .isEqualTo(expected);
            assertThat(batch.labels()[i]).isEqualTo(DATA.test().label(image));
          }
        }
      }
      assertThat(image).isEqualTo(25);
    }
  }

  @Test
  void arraysAreUsedAgain() {
    try (Batches batches = batches(2, 3)) {
      for (int epoch = 0; epoch < 50; epoch++) {
        read(batches, epoch, 0);
      }
      // 3 under preparation and 1 in the consumer's hands
      assertThat(batches.pool().made()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void streamsLeftEarlyGiveTheirArraysBack() {
    try (Batches batches = batches(2, 3)) {
      for (int epoch = 0; epoch < 50; epoch++) {
        try (BatchStream stream = batches.open(epoch, 0);
            Batch batch = stream.next()) {
          assertThat(batch.epoch()).isEqualTo(epoch);
        }
      }
      assertThat(batches.pool().made()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void aBatchInHandIsNotOverwritten() {
    try (Batches batches = batches(2, 3);
        BatchStream stream = batches.open(0, 0)) {
      Batch held = stream.next();
      Content before = Content.of(held);
      while (stream.hasNext()) {
        stream.next().close();
      }
      assertThat(Content.of(held)).isEqualTo(before);
      held.close();
      held.close(); // once more does no harm
      assertThat(batches.pool().made()).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void preparesNoMoreThanItsBoundAhead() throws InterruptedException {
    AtomicInteger read = new AtomicInteger();
    Split counting = new Watched(DATA.train(), index -> read.incrementAndGet());
    try (Batches batches = Batches.training(counting, AUGMENTED, 1, 2, 10, 3, 2);
        BatchStream stream = batches.open(0, 0)) {
      stream.next().close();
      Thread.sleep(100);
      assertThat(read.get()).isLessThanOrEqualTo(40);
    }
  }

  @Test
  void whatFailsInTheBackgroundIsThrownToTheConsumer() {
    AtomicInteger images = new AtomicInteger();
    Split failing =
        new Watched(
            DATA.train(),
            index -> {
              if (images.incrementAndGet() == 35) {
                throw new IllegalStateException("disk on fire");
              }
            });
    try (Batches batches = Batches.training(failing, AUGMENTED, 1, 2, 10, 2, 1);
        BatchStream stream = batches.open(0, 0)) {
      for (int step = 0; step < 3; step++) {
        stream.next().close();
      }
      assertThatThrownBy(stream::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("disk on fire");
      assertThat(stream.next().step()).isEqualTo(4);
    }
  }

  @Test
  void closingWaitsForWhatRunsAndEndsTheStream() {
    CountDownLatch entered = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    Split slow =
        new Watched(
            DATA.train(),
            index -> {
              running.incrementAndGet();
              entered.countDown();
              sleep(2);
              running.decrementAndGet();
            });
    try (Batches batches = Batches.training(slow, AUGMENTED, 1, 2, 10, 5, 2)) {
      BatchStream stream = batches.open(0, 0);
      await(entered);
      stream.close();
      assertThat(running.get()).isZero();
      assertThat(stream.hasNext()).isFalse();
      assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void threadsEndAfterClose() {
    Batches batches = batches(2, 3);
    read(batches, 0, 0);
    assertThat(workers()).isPositive();
    batches.close();
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (workers() > 0 && System.nanoTime() < deadline) {
      sleep(10);
    }
    assertThat(workers()).isZero();
  }

  @Test
  void refusesBadSizes() {
    assertThatThrownBy(() -> Batches.training(DATA.train(), AUGMENTED, 1, 2, 104, 2))
        .isInstanceOf(ConfigException.class)
        .hasMessage("batch_size: found 104; expected at most the 103 training images there are");
    assertThatThrownBy(() -> Batches.evaluation(DATA.test(), PLAIN, 0, 2))
        .isInstanceOf(ConfigException.class)
        .hasMessage("batch_size: found 0; expected at least 1");
    assertThatThrownBy(() -> Batches.evaluation(DATA.test(), PLAIN, 5, -1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.prefetch: found -1; expected at least 0");
    try (Batches batches = batches(1, 1)) {
      assertThatThrownBy(() -> batches.open(0, 11)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> batches.open(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.isAlive() && t.getName().equals("batches"))
        .count();
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Another split whose every read is reported first. */
  private record Watched(Split split, java.util.function.IntConsumer reader) implements Split {
    @Override
    public int size() {
      return split.size();
    }

    @Override
    public ImageShape shape() {
      return split.shape();
    }

    @Override
    public int label(int index) {
      return split.label(index);
    }

    @Override
    public void pixels(int index, byte[] target) {
      reader.accept(index);
      split.pixels(index, target);
    }
  }
}
