package dev.jackpot.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Catalogue;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.config.proto.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The networks that a config may ask for by name: configs/networks.textproto. A named network fills
 * in what the config does not set, after all overrides.
 */
public final class NamedNetworks {
  private static final String FILE = "networks.textproto";
  private static final List<NamedNetwork> ALL = read();

  private static final FieldDescriptor NETWORK =
      Experiment.getDescriptor().findFieldByNumber(Experiment.NETWORK_FIELD_NUMBER);
  private static final FieldDescriptor NAME =
      Network.getDescriptor().findFieldByNumber(Network.NAME_FIELD_NUMBER);
  private static final OneofDescriptor FAMILY =
      Network.getDescriptor()
          .findFieldByNumber(Network.CIFAR_RESNET_FIELD_NUMBER)
          .getContainingOneof();

  private NamedNetworks() {}

  /** All of them, in the order in which they are listed. */
  public static List<NamedNetwork> list() {
    return ALL;
  }

  /** Their names, in the same order. */
  public static List<String> names() {
    return ALL.stream().map(NamedNetwork::getName).toList();
  }

  /** The network of that name, or nothing. */
  public static Optional<NamedNetwork> find(String name) {
    return ALL.stream().filter(n -> n.getName().equals(name)).findFirst();
  }

  /** The family's name in the schema: cifar_resnet, resnet, vgg, … */
  public static String family(NamedNetwork named) {
    return chosen(named).getName();
  }

  /**
   * A network with what its name stands for; without a name, itself.
   *
   * @throws ConfigException if nothing has that name, or it is of another family than the network
   */
  public static Network spelledOut(Network network) {
    Problems problems = new Problems();
    Draft draft = Draft.root(Experiment.getDescriptor(), Place.NOWHERE);
    draft.fill(Experiment.newBuilder().setNetwork(network).build());
    spellOut(draft, problems);
    problems.throwIfAny();
    return ((Experiment) draft.build(Experiment.newBuilder())).getNetwork();
  }

  /** Spells out the network of an experiment, if it has a name. */
  static void spellOut(Draft experiment, Problems problems) {
    experiment
        .message(NETWORK)
        .filter(network -> network.has(NAME) && !network.isBroken(NAME))
        .ifPresent(network -> spellOutNetwork(network, problems));
  }

  private static void spellOutNetwork(Draft network, Problems problems) {
    Optional<NamedNetwork> named = named(network);
    if (named.isEmpty()) {
      String name = name(network);
      problem(
          network,
          problems,
          "found %s, expected a network of the catalogue%s"
              .formatted(Show.quoted(name), Names.hint(Scalars.cut(name), names())));
      return;
    }
    FieldDescriptor own = chosen(named.get());
    Optional<FieldDescriptor> other = network.chosen(FAMILY).filter(f -> !f.equals(own));
    if (other.isPresent()) {
      problem(
          network,
          problems,
          "%s is a %s, but %s is chosen%s; expected one of them"
              .formatted(
                  Show.quoted(name(network)),
                  own.getName(),
                  other.get().getName(),
                  at(network.placeOf(other.get()))));
      return;
    }
    network.fill(named.get().getNetwork());
  }

  private static String at(Place place) {
    return place.equals(Place.NOWHERE) ? "" : " at " + place.within();
  }

  private static void problem(Draft network, Problems problems, String text) {
    problems.add(network.placeOf(NAME), () -> network.path(NAME), text);
    network.markBroken(NAME);
    FAMILY.getFields().forEach(network::markBroken);
  }

  /**
   * The family's options that the name of a network stands for, so that an override may set one of
   * them before anything else is spelled out.
   *
   * @param option a field of theirs
   * @return nothing if the draft is no network with a name and without a family
   */
  static Optional<Draft> chooseWith(Draft draft, String option) {
    if (!draft.type().equals(Network.getDescriptor()) || draft.chosen(FAMILY).isPresent()) {
      return Optional.empty();
    }
    return named(draft)
        .map(NamedNetworks::chosen)
        .filter(family -> family.getMessageType().findFieldByName(option) != null)
        .map(family -> draft.addMessage(family, draft.placeOf(NAME)));
  }

  private static Optional<NamedNetwork> named(Draft network) {
    return network.has(NAME) ? find(name(network)) : Optional.empty();
  }

  private static String name(Draft network) {
    return (String) network.values(NAME).get(0).content();
  }

  private static FieldDescriptor chosen(NamedNetwork named) {
    return named.getNetwork().getOneofFieldDescriptor(FAMILY);
  }

  private static List<NamedNetwork> read() {
    try (InputStream in = NamedNetworks.class.getClassLoader().getResourceAsStream(FILE)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return TextFormat.parse(text, Catalogue.class).getNetworksList();
    } catch (IOException e) {
      throw new JackpotException(FILE + ": cannot be read: " + e, e);
    }
  }
}
