package dev.jackpot.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Finds images of the training split in other splits by 64 bits of their contents' digests. */
final class Overlaps {
  private final Split train;
  private final long[] contents;
  private final long[] sorted;
  private final List<DataCheck.Overlap> found = new ArrayList<>();

  Overlaps(Split train, long[] contents) {
    this.train = train;
    this.contents = contents;
    this.sorted = contents.clone();
    Arrays.sort(sorted);
  }

  /** Looks for the images of another split; those that could not be read have the digest 0. */
  void find(Split other, long[] digests) {
    for (int i = 0; i < digests.length; i++) {
      if (digests[i] != 0 && Arrays.binarySearch(sorted, digests[i]) >= 0) {
        found.add(new DataCheck.Overlap(other.name(i), train.name(first(digests[i]))));
      }
    }
  }

  /** The first training image with these contents. A linear search: overlaps are few. */
  private int first(long digest) {
    return IntStream.range(0, contents.length)
        .filter(i -> contents[i] == digest)
        .findFirst()
        .orElseThrow();
  }

  List<DataCheck.Overlap> found() {
    return found;
  }
}
