package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A split in which the next image that can be decoded stands in for one that cannot: index + 1,
 * index + 2, …, from the last on to the first. Which one it is depends on the files alone, so a run
 * stays repeatable. Its label counts too, from the first time on that the damaged image's pixels
 * were asked for.
 */
final class SkippingSplit implements Split {
  /** So many damaged images in a row are not an accident any more. */
  private static final int MOST_IN_A_ROW = 1000;

  private final Split split;
  private final Map<Integer, Integer> standIns = new ConcurrentHashMap<>();
  private final Map<Integer, Skipped> skipped = new ConcurrentHashMap<>();

  SkippingSplit(Split split) {
    this.split = split;
  }

  /** Copies one image's pixels. */
  private interface Reader {
    void read(int index);
  }

  @Override
  public void pixels(int index, byte[] target) {
    read(index, i -> split.pixels(i, target));
  }

  @Override
  public void pixels(int index, Crop crop, float[] levels, float[] target, int offset) {
    read(index, i -> split.pixels(i, crop, levels, target, offset));
  }

  private void read(int index, Reader reader) {
    int at = standIns.getOrDefault(index, index);
    int most = Math.min(split.size(), MOST_IN_A_ROW);
    for (int attempt = 0; attempt < most; attempt++) {
      try {
        reader.read(at);
        if (at != index) {
          standIns.put(index, at);
        }
        return;
      } catch (CorruptImageException e) {
        skipped.putIfAbsent(at, new Skipped(split.name(at), e.getMessage()));
        at = (at + 1) % split.size();
      }
    }
    throw new JackpotException(
        "%s: none of the %d images from here on can be decoded; the first: %s"
            .formatted(split.name(index), most, skipped.get(index).reason()));
  }

  @Override
  public int label(int index) {
    return split.label(standIns.getOrDefault(index, index));
  }

  /** What the split itself left out, then those that others stand in for, in the split's order. */
  @Override
  public List<Skipped> skipped() {
    List<Skipped> all = new ArrayList<>(split.skipped());
    all.addAll(new TreeMap<>(skipped).values());
    return all;
  }

  @Override
  public int size() {
    return split.size();
  }

  @Override
  public ImageShape shape() {
    return split.shape();
  }

  @Override
  public String name(int index) {
    return split.name(index);
  }

  /** The image itself, never another that stands in for it. */
  @Override
  public Stored stored(int index, byte[] target) {
    return split.stored(index, target);
  }

  @Override
  public boolean encoded() {
    return split.encoded();
  }

  @Override
  public byte[] encodedBytes(int index) {
    return split.encodedBytes(index);
  }

  @Override
  public void identify(int index, Fingerprint fingerprint) {
    split.identify(index, fingerprint);
  }
}
