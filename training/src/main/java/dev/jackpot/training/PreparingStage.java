package dev.jackpot.training;

import dev.jackpot.graph.Tower;
import java.util.List;
import org.tensorflow.types.TFloat32;

/** A stage without epochs: {@link #begin} is all it does. */
interface PreparingStage extends StageKind {
  @Override
  default List<Trained<TFloat32>> trained(Tower<TFloat32> tower) {
    return List.of();
  }
}
