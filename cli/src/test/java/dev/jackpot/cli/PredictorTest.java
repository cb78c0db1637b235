package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

class PredictorTest {
  @Test
  void anInvalidGraphIsToldOfItsModel(@TempDir Path folder) throws IOException {
    SavedModel.Builder model = SavedModel.newBuilder().setSavedModelSchemaVersion(1);
    model
        .addMetaGraphsBuilder()
        .setMetaInfoDef(org.tensorflow.proto.MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"))
        .getGraphDefBuilder()
        .addNode(NodeDef.newBuilder().setName("y").setOp("NoOp").addInput("^nothing"));
    Files.write(folder.resolve("saved_model.pb"), model.build().toByteArray());
    assertThatThrownBy(() -> Predictor.load(folder))
        .isInstanceOf(JackpotException.class)
        .hasCauseInstanceOf(TFInvalidArgumentException.class)
        .hasMessageStartingWith(folder + ": the SavedModel cannot be loaded: ");
  }
}
