package dev.jackpot.training.data;

import dev.jackpot.config.proto.Data;
import dev.jackpot.graph.NetworkSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Noise with random labels, where only its size matters: for measuring speed. */
public final class RandomImages {
  private static final double MIDDLE = 0.5;
  private static final double SPREAD = 0.29;

  private RandomImages() {}

  /**
   * One epoch of batches without augmentation. The caller closes it.
   *
   * @param spec size of the images and number of classes
   * @param count number of batches
   */
  public static Batches batches(NetworkSpec spec, int batchSize, int count, long seed) {
    ImageShape shape = new ImageShape(spec.height(), spec.width(), spec.channels());
    List<ArraySplit.Block> blocks = new ArrayList<>();
    Random random = new Random(seed);
    for (int b = 0; b < count; b++) {
      byte[] pixels = new byte[Math.multiplyExact(batchSize, shape.size())];
      random.nextBytes(pixels);
      blocks.add(new ArraySplit.Block(random.ints(batchSize, 0, spec.classes()).toArray(), pixels));
    }
    Split split = new ArraySplit(shape, blocks);
    DataSet data =
        new MemoryDataSet(
            "noise",
            split,
            split,
            Collections.nCopies(spec.classes(), "noise"),
            new ChannelNormalization(
                Collections.nCopies(shape.channels(), MIDDLE),
                Collections.nCopies(shape.channels(), SPREAD)));
    Preparation preparation = Preparation.evaluation(data, Data.getDefaultInstance());
    return Batches.training(split, preparation, seed, seed, batchSize, 0);
  }
}
