package dev.jackpot.cli;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.jackpot.config.proto.Allocation;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.LearningRate;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Optimizer;
import dev.jackpot.config.proto.Pattern;
import dev.jackpot.config.proto.Restriction;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Networks;
import dev.jackpot.pruning.Allocations;
import dev.jackpot.pruning.Criteria;
import dev.jackpot.pruning.Patterns;
import dev.jackpot.pruning.Restrictions;
import dev.jackpot.training.LearningRates;
import dev.jackpot.training.Optimizers;
import dev.jackpot.training.StageKinds;
import dev.jackpot.training.data.DataSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a config may choose from, concept by concept, read from the registries and the schema. */
enum Choices {
  NETWORKS("network { FAMILY { … } }", Networks.REGISTRY::names, Network.getDescriptor()),
  DATA("data { NAME { … } }", () -> DataSets.registry().names(), Data.getDescriptor()),
  CRITERIA(
      "stages { search { criterion { NAME { … } } } }",
      Criteria.REGISTRY::names,
      Criterion.getDescriptor()),
  PATTERNS(
      "stages { search { pattern { NAME { … } } } }",
      Patterns.REGISTRY::names,
      Pattern.getDescriptor()),
  ALLOCATIONS(
      "stages { search { allocation { NAME { … } } } }",
      Allocations.REGISTRY::names,
      Allocation.getDescriptor()),
  RESTRICTIONS(
      "stages { search { restriction { NAME { … } } } }",
      Restrictions.REGISTRY::names,
      Restriction.getDescriptor()),
  OPTIMIZERS(
      "stages { optimizer { NAME { … } } }", Optimizers.REGISTRY::names, Optimizer.getDescriptor()),
  LEARNING_RATES(
      "stages { learning_rate { NAME { … } } }",
      LearningRates.REGISTRY::names,
      LearningRate.getDescriptor()),
  STAGES("stages { NAME { … } }", StageKinds::names, Stage.getDescriptor());

  private final String usage;
  private final Supplier<Set<String>> names;
  private final Descriptor holder;

  Choices(String usage, Supplier<Set<String>> names, Descriptor holder) {
    this.usage = usage;
    this.names = names;
    this.holder = holder;
  }

  /**
   * One option of a choice.
   *
   * @param type in the schema's words: double, bool, string, a message's name, or an enum's values
   *     separated by bars
   * @param defaultValue as textproto writes it; empty if there is none
   */
  record Setting(String name, String type, String defaultValue) {
    @Override
    public String toString() {
      return defaultValue.isEmpty() ? name : name + "=" + defaultValue;
    }
  }

  /**
   * Something that can be chosen.
   *
   * @param plugin whether another jar brings it, so that a config writes {@code custom { name: … }}
   * @param settings its own options
   */
  record Choice(String name, boolean plugin, List<Setting> settings) {
    /** {@code depth=20 width=16}. */
    String summary() {
      return plugin
          ? "custom { name: \"" + name + "\" }"
          : settings.stream().map(Setting::toString).collect(Collectors.joining(" "));
    }
  }

  /** How a config writes the choice. */
  String usage() {
    return usage;
  }

  /** All of them, in the registry's order. */
  List<Choice> all() {
    List<Choice> choices = new ArrayList<>();
    for (String name : names.get()) {
      FieldDescriptor field = holder.findFieldByName(name);
      choices.add(
          field == null
              ? new Choice(name, true, List.of())
              : new Choice(name, false, settings(field.getMessageType())));
    }
    return choices;
  }

  private static List<Setting> settings(Descriptor options) {
    return options.getFields().stream()
        .map(f -> new Setting(f.getName(), type(f), defaultValue(f)))
        .toList();
  }

  private static String type(FieldDescriptor field) {
    String type =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getName();
          case ENUM ->
              field.getEnumType().getValues().stream()
                  .map(EnumValueDescriptor::getName)
                  .collect(Collectors.joining("|"));
          default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    return field.isRepeated() ? "repeated " + type : type;
  }

  private static String defaultValue(FieldDescriptor field) {
    if (field.isRepeated() || !field.hasDefaultValue()) {
      return "";
    }
    return field.getJavaType() == JavaType.ENUM
        ? ((EnumValueDescriptor) field.getDefaultValue()).getName()
        : String.valueOf(field.getDefaultValue());
  }
}
