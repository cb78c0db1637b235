package dev.jackpot.config;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Stage.KindCase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The stages of an experiment as they run: one after the other, those of a repeat once a round. The
 * stages of round k are named {@code NAME/round-k}; references name the stage they mean.
 */
public final class ExperimentStages {
  private static final String ROUND = "/round-";

  private ExperimentStages() {}

  /**
   * All stages in the order they run, each with its name; none of them a repeat.
   *
   * @param experiment validated
   * @throws ConfigException if a stage refers to one that does not run before it
   */
  public static List<Stage> of(Experiment experiment) {
    List<Stage> flat = new ArrayList<>();
    for (Stage stage : experiment.getStagesList()) {
      if (!stage.hasRepeat()) {
        flat.add(resolved(stage, nameOf(stage), flat));
        continue;
      }
      for (int round = 1; round <= stage.getRepeat().getRounds(); round++) {
        for (Stage inner : stage.getRepeat().getStagesList()) {
          flat.add(resolved(inner, inRound(nameOf(inner), round), flat));
        }
      }
    }
    return List.copyOf(flat);
  }

  /** The same with the first round of each repeat alone: what there is to try out or to check. */
  public static List<Stage> firstRounds(Experiment experiment) {
    Set<String> seen = new HashSet<>();
    return of(experiment).stream().filter(s -> seen.add(withoutRound(s.getName()))).toList();
  }

  /** A stage's name: its own, or its kind's. */
  public static String nameOf(Stage stage) {
    return stage.getName().isEmpty()
        ? stage.getKindCase().name().toLowerCase(Locale.ROOT)
        : stage.getName();
  }

  /** Whether the stage trains anything: it has epochs, a learning rate and so on. */
  public static boolean hasEpochs(Stage stage) {
    KindCase kind = stage.getKindCase();
    return kind != KindCase.PRUNE && kind != KindCase.REWIND && kind != KindCase.REPEAT;
  }

  /** Every point that a stage refers to, its stage named in full. */
  public static Set<StagePoint> points(Experiment experiment) {
    Set<StagePoint> points = new LinkedHashSet<>();
    for (Stage stage : of(experiment)) {
      references(stage).forEach(r -> points.add(StagePoint.parse(r)));
    }
    return points;
  }

  /** Where a stage begins: its first step is not yet done. */
  public static StagePoint startOf(Stage stage) {
    return new StagePoint(nameOf(stage), StagePoint.Unit.STEP, 0);
  }

  /** The name of a repeated stage in one of its rounds, from 1. */
  static String inRound(String name, int round) {
    return name + ROUND + round;
  }

  /** The name without the round. */
  public static String withoutRound(String name) {
    int end = name.indexOf(ROUND);
    return end < 0 ? name : name.substring(0, end);
  }

  /** The stage that a reference means: of that very name, or the last of its rounds. */
  static Optional<String> find(String name, List<String> before) {
    if (before.contains(name)) {
      return Optional.of(name);
    }
    for (int i = before.size() - 1; i >= 0; i--) {
      if (withoutRound(before.get(i)).equals(name)) {
        return Optional.of(before.get(i));
      }
    }
    return Optional.empty();
  }

  private static List<String> references(Stage stage) {
    List<String> references = new ArrayList<>();
    if (stage.hasFrom()) {
      references.add(stage.getFrom());
    }
    if (stage.hasRewind()) {
      references.add(stage.getRewind().getTo());
    }
    ScoreSources.of(stage).stream()
        .filter(ScoresCriterion::hasStage)
        .forEach(s -> references.add(s.getStage()));
    if (stage.getSparseTrain().getSchedule().getCascade().hasSmall()) {
      // what is small is told by the weights that the stage began with
      references.add(startOf(stage).toString());
    }
    return references;
  }

  private static Stage resolved(Stage stage, String name, List<Stage> flat) {
    List<String> before = flat.stream().map(Stage::getName).toList();
    Stage.Builder named = stage.toBuilder().setName(name);
    if (stage.hasFrom()) {
      named.setFrom(resolved(name, stage.getFrom(), before));
    }
    if (stage.hasRewind()) {
      named.getRewindBuilder().setTo(resolved(name, stage.getRewind().getTo(), before));
    }
    return ScoreSources.mapped(
        named.build(),
        source ->
            source.hasStage()
                ? source.toBuilder().setStage(resolved(name, source.getStage(), before)).build()
                : source);
  }

  private static String resolved(String name, String reference, List<String> before) {
    StagePoint point = StagePoint.parse(reference);
    if (point.unit() == StagePoint.Unit.START) {
      return reference;
    }
    String found =
        find(point.stage(), before)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "stage %s: found \"%s\", expected a stage that runs before it%s"
                            .formatted(name, reference, Names.hint(point.stage(), before))));
    return point.of(found).toString();
  }
}
