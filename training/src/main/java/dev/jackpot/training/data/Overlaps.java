package dev.jackpot.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    int[] hits =
        IntStream.range(0, digests.length)
            .filter(i -> digests[i] != 0 && Arrays.binarySearch(sorted, digests[i]) >= 0)
            .toArray();
    Map<Long, Integer> first = first(Arrays.stream(hits).mapToObj(i -> digests[i]));
    for (int i : hits) {
      found.add(new DataCheck.Overlap(other.name(i), train.name(first.get(digests[i]))));
    }
  }

  /** The first training image with each of these contents, which are the contents of some. */
  private Map<Long, Integer> first(Stream<Long> digests) {
    Set<Long> wanted = digests.collect(Collectors.toSet());
    Map<Long, Integer> first = new HashMap<>();
    for (int i = 0; i < contents.length && !wanted.isEmpty(); i++) {
      if (wanted.contains(contents[i])) {
        first.putIfAbsent(contents[i], i);
      }
    }
    return first;
  }

  List<DataCheck.Overlap> found() {
    return found;
  }
}
