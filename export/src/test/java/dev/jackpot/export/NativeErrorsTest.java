package dev.jackpot.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

class NativeErrorsTest {
  @TempDir Path folder;

  @Test
  void ofWhateverClassTheyAre() {
    for (RuntimeException pages :
        List.of(
            new TensorFlowException("no space\n\t[[save]]"),
            new TFInvalidArgumentException("no space\n\t[[save]]"),
            new TFResourceExhaustedException("no space\n\t[[save]]"))) {
      assertThat(NativeErrors.explained(pages, "cannot write x"))
          .isInstanceOf(JackpotException.class)
          .hasMessage("cannot write x: no space")
          .hasCause(pages);
    }
    RuntimeException other = new IllegalArgumentException("no space");
    assertThat(NativeErrors.explained(other, "cannot write x")).isSameAs(other);
    assertThat(NativeErrors.firstLine(new TensorFlowException(null, null)))
        .isEqualTo("TensorFlowException");
  }

  @Test
  void aBundlesNameThatTheSystemRefuses() {
    Path prefix = folder.resolve("x".repeat(250)); // its files' endings make it longer than 255
    assertThatThrownBy(
            () -> BundleWriter.write(prefix, Map.of("a", HostTensor.filled(Shape.of(2), 1))))
        .isInstanceOf(JackpotException.class)
        .hasCauseInstanceOf(TFInvalidArgumentException.class)
        .hasMessageStartingWith("cannot write " + prefix + ": ");
  }

  @Test
  void aSavedModelWhoseGraphIsInvalid() throws IOException {
    ServableModel model = TinyModel.make(1);
    Export options = Export.getDefaultInstance();
    SavedModelWriter.Written written = new SavedModelWriter(options).fill(folder, model);
    Path file = folder.resolve(SavedModelWriter.FILE);
    SavedModel.Builder whole = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
    MetaGraphDef.Builder meta = whole.getMetaGraphsBuilder(0);
    GraphDef.Builder graph = meta.getGraphDefBuilder();
    int softmax = 0;
    while (!graph.getNode(softmax).getOp().equals("Softmax")) {
      softmax++;
    }
    graph.getNodeBuilder(softmax).setInput(0, "nothing");
    Files.write(file, whole.build().toByteArray());
    ExportGate gate = new ExportGate(model, written, options);
    assertThatThrownBy(() -> gate.verify(folder, TinyModel.sample(model, 2)))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("the exported model cannot be loaded: ")
        .hasMessageContaining("nothing");
  }
}
