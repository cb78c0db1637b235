package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Wired;
import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiringFile;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.graph.wiring.Wiring;
import dev.jackpot.graph.wiring.WiringFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A network whose layers stand in a wiring. Laid from the wiring of another network it has the same
 * parameters, the same costs and the same ops.
 */
public final class WiredNetwork implements Network {
  private final Wiring wiring;
  private final Conventions conventions;

  WiredNetwork(Wired options, dev.jackpot.config.proto.Network config) {
    this(WiringFiles.read(Path.of(options.getPath())), config);
  }

  /** Of a wiring that is in no file. */
  public WiredNetwork(Wiring wiring) {
    this(wiring, dev.jackpot.config.proto.Network.getDefaultInstance());
  }

  private WiredNetwork(Wiring wiring, dev.jackpot.config.proto.Network config) {
    this.wiring = wiring.requireKnown("a wired network", "");
    conventions = conventions(wiring.file()).overruledBy(config);
  }

  private static Conventions conventions(WiringFile file) {
    Conventions.Pooling pooling =
        switch (file.getPooling()) {
          case POOL_SYMMETRIC -> Conventions.Pooling.SYMMETRIC;
          case POOL_ZEROS -> Conventions.Pooling.ZEROS;
          case POOL_SAME -> Conventions.Pooling.SAME;
        };
    return new Conventions(
        file.getPadding(), pooling, false, file.getEpsilon(), file.getMomentum());
  }

  /** What is laid. */
  public Wiring wiring() {
    return wiring;
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    if (classes != wiring.logits().channels()) {
      throw new ConfigException(
          "network.wired: the wiring has %d classes, expected %d: the data set's, or network.classes"
              .formatted(wiring.logits().channels(), classes));
    }
    if (images.shape().get(3) != wiring.images().channels()) {
      throw new ConfigException(
          "network.wired: the wiring takes images of %d channels, found %d"
              .formatted(wiring.images().channels(), images.shape().get(3)));
    }
    List<Operand<T>> outputs = new ArrayList<>();
    outputs.add(images);
    for (WiredNode node : wiring.nodes().subList(1, wiring.nodes().size())) {
      outputs.add(lay(layers, node, outputs));
    }
    return outputs.get(wiring.logits().index());
  }

  private static <T extends TFloating> Operand<T> lay(
      Layers<T> layers, WiredNode node, List<Operand<T>> outputs) {
    WiredLayer l = node.layer();
    String name = l.getName();
    Operand<T> x = outputs.get(node.input());
    return switch (l.getKind()) {
      case CONVOLUTION ->
          layers.convolution(name, x, l.getFilters(), l.getSize(), l.getStride(), l.getBias());
      case DEPTHWISE -> layers.depthwise(name, x, l.getSize(), l.getStride(), l.getBias());
      case BIAS -> layers.bias(name, x);
      case BATCH_NORM -> layers.batchNorm(name, x);
      case RELU -> layers.relu(x);
      case RELU6 -> layers.relu6(x);
      case HARD_SIGMOID -> layers.hardSigmoid(x);
      case HARD_SWISH -> layers.hardSwish(x);
      case ADD -> layers.add(x, outputs.get(l.getInputs(1)));
      case SQUEEZE_EXCITE -> layers.squeezeExcite(name, x, l.getFilters(), l.getSlope());
      case MAX_POOL -> layers.maxPool(x, l.getSize(), l.getStride());
      case GLOBAL_AVERAGE -> layers.globalAverage(x);
      case ADAPTIVE_AVERAGE -> layers.adaptiveAverage(x, l.getBins());
      case SUBSAMPLE -> layers.subsample(x, l.getStride());
      case PAD_CHANNELS -> layers.padChannels(x, l.getBefore(), l.getAfter());
      case SCATTER_CHANNELS -> layers.scatterChannels(x, l.getPositionsList(), l.getFilters());
      case FLATTEN -> layers.flatten(x);
      case DROPOUT -> layers.dropout(x, l.getRate());
      case DENSE -> layers.dense(name, x, l.getFilters());
      case CLASSIFIER -> layers.classifier(name, x, l.getFilters());
      case SKIP -> layers.skipped(name, x, l.getStride(), outputs.get(l.getInputs(1)));
      case NONE, IMAGES, UNKNOWN ->
          throw new IllegalStateException("a wired network has no " + node.place());
    };
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return wiring.file().getTitle() + ", wired";
  }
}
