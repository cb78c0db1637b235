package dev.jackpot.export;

import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parameters among the variables of a training: a variable whose name continues another's, as
 * {@code conv1/kernel/mask} continues {@code conv1/kernel}, belongs to that one and is left out.
 */
final class ParameterSource implements WeightSource {
  private final WeightSource all;
  private final List<ArrayInfo> parameters;

  ParameterSource(WeightSource all) {
    this.all = all;
    Set<String> names = all.arrays().stream().map(ArrayInfo::name).collect(Collectors.toSet());
    this.parameters =
        all.arrays().stream().filter(a -> !continuesAnother(a.name(), names)).toList();
  }

  private static boolean continuesAnother(String name, Set<String> names) {
    for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
      if (names.contains(name.substring(0, slash))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Path path() {
    return all.path();
  }

  @Override
  public List<ArrayInfo> arrays() {
    return parameters;
  }

  @Override
  public HostTensor read(String name) {
    return all.read(info(name).name());
  }

  @Override
  public void close() {
    all.close();
  }
}
