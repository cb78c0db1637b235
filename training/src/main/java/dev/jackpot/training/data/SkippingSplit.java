package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A split in which the next image that can be decoded stands in for one that cannot: index + 1,
 * index + 2, …, from the last on to the first; its label counts, too.
 *
 * <p>Whether an image is damaged depends on its file alone: the first time an image is used all of
 * it is decoded, whatever part is to be shown. So the first epoch decodes every image twice, and a
 * run stays the same bit for bit whichever crops came first and wherever it resumes. A bit an image
 * remembers the answer; a file that is damaged later ends the run.
 */
final class SkippingSplit implements Split {
  /** So many damaged images in a row are not an accident any more. */
  private static final int MOST_IN_A_ROW = 1000;

  private final Split split;
  private final BitSet known = new BitSet();
  private final Map<Integer, Skipped> damaged = new TreeMap<>();

  SkippingSplit(Split split) {
    this.split = split;
  }

  @Override
  public void pixels(int index, byte[] target) {
    split.pixels(shown(index), target);
  }

  @Override
  public void pixels(int index, Crop crop, float[] levels, float[] target, int offset) {
    split.pixels(shown(index), crop, levels, target, offset);
  }

  @Override
  public int label(int index) {
    return split.label(shown(index));
  }

  @Override
  public int storedLabel(int index) {
    return split.storedLabel(index);
  }

  /** The image itself, or the one that stands in for it. */
  private int shown(int index) {
    int most = Math.min(split.size(), MOST_IN_A_ROW);
    int at = index;
    for (int attempt = 0; attempt < most; attempt++) {
      if (usable(at)) {
        return at;
      }
      at = (at + 1) % split.size();
    }
    throw new JackpotException(
        "%s: none of the %d images from here on can be decoded; the first: %s"
            .formatted(split.name(index), most, reason(index)));
  }

  @Override
  public boolean usable(int index) {
    synchronized (known) {
      if (known.get(index)) {
        return !damaged.containsKey(index);
      }
    }
    // outside of the lock: it takes long, and two threads find the same
    Skipped found = null;
    try {
      split.verify(index);
    } catch (CorruptImageException e) {
      found = new Skipped(split.name(index), e.getMessage());
    }
    synchronized (known) {
      known.set(index);
      if (found != null) {
        damaged.putIfAbsent(index, found);
      }
    }
    return found == null;
  }

  private String reason(int index) {
    synchronized (known) {
      return damaged.get(index).reason();
    }
  }

  @Override
  public void verify(int index) {
    split.verify(index);
  }

  /** What the split itself left out, then those that others stand in for, in the split's order. */
  @Override
  public List<Skipped> skipped() {
    List<Skipped> all = new ArrayList<>(split.skipped());
    synchronized (known) {
      all.addAll(damaged.values());
    }
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
