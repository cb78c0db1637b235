package dev.jackpot.training.data.tfrecord;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The records of several shards, one after another. Safe for several threads. */
public final class Records {
  private static final int MOST_PROBLEMS = 10;

  private final List<Shard> shards;
  private final int[] starts;

  private Records(List<Shard> shards) {
    this.shards = List.copyOf(shards);
    this.starts = new int[shards.size() + 1];
    for (int s = 0; s < shards.size(); s++) {
      starts[s + 1] = Math.addExact(starts[s], shards.get(s).size());
    }
  }

  /** A shard, or why there is none. */
  private record Indexed(Shard shard, String problem) {
    static Indexed of(Path file, Features features, boolean skip) {
      try {
        return new Indexed(ShardIndexer.index(file, features, skip), null);
      } catch (JackpotException e) {
        return new Indexed(null, e.getMessage());
      }
    }
  }

  /**
   * Indexes all the files, several at a time.
   *
   * @param skip leave out records that hold no example with these features
   * @throws ConfigException what is wrong with them, a problem a file
   */
  public static Records index(List<Path> files, Features features, boolean skip) {
    List<Indexed> indexed = files.parallelStream().map(f -> Indexed.of(f, features, skip)).toList();
    List<String> problems =
        indexed.stream().map(Indexed::problem).filter(Objects::nonNull).toList();
    if (!problems.isEmpty()) {
      List<String> told = new ArrayList<>();
      problems.stream().limit(MOST_PROBLEMS).forEach(p -> told.add("data.tfrecord: " + p));
      if (problems.size() > MOST_PROBLEMS) {
        told.add(
            "data.tfrecord: %d more shards have problems"
                .formatted(problems.size() - MOST_PROBLEMS));
      }
      throw new ConfigException(told);
    }
    return new Records(indexed.stream().map(Indexed::shard).toList());
  }

  /** Number of records that can be used. */
  public int size() {
    return starts[shards.size()];
  }

  /** Records that were left out, in order. */
  public List<LeftOut> leftOut() {
    return shards.stream().flatMap(s -> s.leftOut().stream()).toList();
  }

  /** The label of record {@code index}. */
  public int label(int index) {
    int shard = shard(index);
    return shards.get(shard).label(index - starts[shard]);
  }

  /** The encoded image of record {@code index}; see {@link Shard#image}. */
  public byte[] image(int index) {
    int shard = shard(index);
    return shards.get(shard).image(index - starts[shard]);
  }

  /** Length of record {@code index} in bytes. */
  public int length(int index) {
    int shard = shard(index);
    return shards.get(shard).length(index - starts[shard]);
  }

  /** What to call record {@code index}: its file's name, number and byte offset. */
  public String name(int index) {
    int shard = shard(index);
    return shards.get(shard).name(index - starts[shard]);
  }

  /** Shards without a record, those that were left out counted. */
  public List<Path> empty() {
    return shards.stream()
        .filter(s -> s.size() == 0 && s.leftOut().isEmpty())
        .map(Shard::file)
        .toList();
  }

  private int shard(int index) {
    Objects.checkIndex(index, size());
    int found = Arrays.binarySearch(starts, index);
    if (found < 0) {
      return -found - 2;
    }
    while (starts[found + 1] == index) { // shards of which every record is left out
      found++;
    }
    return found;
  }
}
