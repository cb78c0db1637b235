package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a SavedModel is made of.
 *
 * @param network lays the logits
 * @param spec image size, classes, padding, batch norm
 * @param values of every parameter by name, kernels with their mask applied: pruned weights are
 *     zeros in place
 * @param normalization the training's: (pixel/255 − mean)/std per channel
 * @param view how evaluation shows images of other sizes
 * @param classes names of the classes, in the order of their labels
 * @param documents texts to lie beside the model in assets.extra, by file name
 */
public record ServableModel(
    Network network,
    NetworkSpec spec,
    Map<String, HostTensor> values,
    Normalization normalization,
    EvaluationView view,
    List<String> classes,
    Map<String, String> documents) {

  /** One that shows the centre square of images, without documents. */
  public ServableModel(
      Network network,
      NetworkSpec spec,
      Map<String, HostTensor> values,
      Normalization normalization,
      List<String> classes) {
    this(
        network,
        spec,
        values,
        normalization,
        EvaluationView.square(spec.height()),
        classes,
        Map.of());
  }

  /**
   * Checks that all parts fit together.
   *
   * @throws JackpotException listing what does not
   */
  public ServableModel {
    List<String> problems = new ArrayList<>();
    Map<String, HostTensor> ordered = new LinkedHashMap<>();
    for (Parameter parameter : NetworkSummary.of(network, spec).parameters()) {
      HostTensor value = values.get(parameter.name());
      if (value == null) {
        problems.add(
            "no value for parameter \"%s\"%s"
                .formatted(parameter.name(), Names.hint(parameter.name(), values.keySet())));
      } else if (!value.shape().equals(parameter.shape())) {
        problems.add(
            "value of parameter \"%s\" has shape %s, expected %s"
                .formatted(parameter.name(), value.shape(), parameter.shape()));
      } else {
        ordered.put(parameter.name(), value);
        nonFinite(parameter.name(), value).ifPresent(problems::add);
      }
    }
    for (String name : values.keySet()) {
      if (!ordered.containsKey(name)
          && problems.stream().noneMatch(p -> p.contains('"' + name + '"'))) {
        problems.add("value \"%s\" belongs to no parameter of the network".formatted(name));
      }
    }
    if (classes.size() != spec.classes()) {
      problems.add("%d names of classes, expected %d".formatted(classes.size(), spec.classes()));
    }
    if (normalization.getMeanCount() != spec.channels()
        || normalization.getStdCount() != spec.channels()) {
      problems.add(
          "normalization has %d means and %d stds, expected %d of each"
              .formatted(
                  normalization.getMeanCount(), normalization.getStdCount(), spec.channels()));
    }
    if (!problems.isEmpty()) {
      throw new JackpotException("cannot export: " + String.join("; ", problems));
    }
    values = Collections.unmodifiableMap(ordered);
    classes = List.copyOf(classes);
    documents = Map.copyOf(documents);
  }

  /** In the network's order. */
  List<Parameter> kernels() {
    return NetworkSummary.of(network, spec).kernels();
  }

  private static Optional<String> nonFinite(String name, HostTensor value) {
    for (int i = 0; i < value.values().length; i++) {
      if (!Float.isFinite(value.values()[i])) {
        return Optional.of(
            "parameter \"%s\" has %s at index %d, expected a finite number"
                .formatted(name, value.values()[i], i));
      }
    }
    return Optional.empty();
  }
}
