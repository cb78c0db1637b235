package dev.jackpot.config;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.jackpot.config.StagePoint.Unit;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Repeat;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.config.proto.Stage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must hold between stages: names of their own, and references to what runs before. */
final class StageReferenceRules {
  private final Map<String, At> byName = new HashMap<>();

  /** The stages that have run when a stage begins, by the names they run under. */
  private final Map<String, Stage> before = new LinkedHashMap<>();

  private final boolean weights;

  private StageReferenceRules(boolean weights) {
    this.weights = weights;
  }

  static void check(Experiment experiment, List<At> stages) {
    StageReferenceRules rules = new StageReferenceRules(experiment.hasWeights());
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = experiment.getStages(i);
      At at = stages.get(i);
      rules.name(at);
      if (stage.hasRepeat()) {
        at.in("repeat").ifPresent(in -> rules.rounds(stage.getRepeat(), in));
      } else {
        rules.references(stage, at);
        rules.before.put(at.draft().elementName(), stage);
      }
    }
  }

  /** What holds in the first round holds in all: later ones have only more stages before them. */
  private void rounds(Repeat repeat, At at) {
    List<At> stages = at.all("stages");
    for (int i = 0; i < stages.size(); i++) {
      name(stages.get(i));
      references(repeat.getStages(i), stages.get(i));
      put(repeat.getStages(i), stages.get(i), 1);
    }
    for (int round = 2; round <= Math.min(repeat.getRounds(), StageRules.MOST_ROUNDS); round++) {
      for (int i = 0; i < stages.size(); i++) {
        put(repeat.getStages(i), stages.get(i), round);
      }
    }
  }

  private void put(Stage stage, At at, int round) {
    before.put(ExperimentStages.inRound(at.draft().elementName(), round), stage);
  }

  private void name(At at) {
    String name = at.draft().elementName();
    At first = byName.putIfAbsent(name, at);
    if (first != null) {
      String taken =
          "the stage at %s is called %s, too"
              .formatted(first.draft().place().within(), Show.quoted(name));
      at.require(false, "name", "a name of its own: " + taken);
    }
  }

  private void references(Stage stage, At at) {
    if (stage.hasFrom()) {
      reference(stage.getFrom(), "from", at);
    }
    at.require(
        !stage.hasFromMasks() || stage.hasFrom(), "from_masks", "none where there is no from");
    at.in("rewind").ifPresent(in -> reference(stage.getRewind().getTo(), "to", in));
    scores(stage, at);
  }

  /** Of criteria, wherever in the stage they stand. */
  private void scores(Message message, At at) {
    if (message instanceof ScoresCriterion scores) {
      scores(scores, at);
      return;
    }
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()) {
                at.in(field.getName()).ifPresent(in -> scores((Message) value, in));
              }
            });
  }

  private void scores(ScoresCriterion scores, At at) {
    if (scores.hasStage()) {
      at.require(
          !scores.getStage().equals("@start"), "stage", "a search that runs before this stage");
      reference(scores.getStage(), "stage", at)
          .ifPresent(
              of ->
                  at.require(
                      of.hasSearch() || of.hasCustom(),
                      "stage",
                      "a search: other stages leave no scores"));
    } else {
      at.require(
          scores.hasPath() || weights || at.template(),
          "path",
          "a run or a checkpoint, or a stage: the experiment has no weights beside which scores lie");
    }
  }

  /** The stage that is meant, if there is one. */
  private Optional<Stage> reference(String text, String field, At at) {
    if (!StagePoint.isValid(text)) {
      at.require(false, field, StagePoint.SYNTAX);
      return Optional.empty();
    }
    StagePoint point = StagePoint.parse(text);
    if (point.unit() == Unit.START) {
      return Optional.empty();
    }
    List<String> names = List.copyOf(before.keySet());
    var found = ExperimentStages.find(point.stage(), names);
    if (found.isEmpty()) {
      at.require(false, field, "a stage that runs before this one" + hint(point, names));
      return Optional.empty();
    }
    Stage stage = before.get(found.get());
    if (!ExperimentStages.hasEpochs(stage)) {
      at.require(
          point.unit() == Unit.END,
          field,
          "\"%s\" alone: that stage has no epochs and steps".formatted(point.stage()));
    } else if (point.unit() == Unit.EPOCH) {
      at.require(
          point.at() <= stage.getEpochs(),
          field,
          "an epoch from 0 to the stage's %d".formatted(stage.getEpochs()));
    }
    return Optional.of(stage);
  }

  private static String hint(StagePoint point, List<String> names) {
    return names.isEmpty()
        ? ": there is none; @start is the experiment's start"
        : Names.hint(point.stage(), names);
  }
}
