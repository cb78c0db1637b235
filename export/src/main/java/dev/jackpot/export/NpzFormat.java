package dev.jackpot.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** NumPy archives: {@link NpzSource}. */
final class NpzFormat implements WeightFormat {
  @Override
  public String description() {
    return "NumPy archive (.npz)";
  }

  @Override
  public boolean recognizes(Path path) {
    return Files.isRegularFile(path)
        && (path.toString().toLowerCase(Locale.ROOT).endsWith(".npz")
            || FileKinds.startsWith(path, "PK\u0003\u0004"));
  }

  @Override
  public WeightSource open(Path path) {
    return NpzSource.open(path);
  }
}
