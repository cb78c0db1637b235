package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void keepsOrderAndTypes() {
    JsonObject object =
        Json.object(
            "name",
            "a <b> \"c\"",
            "count",
            3L,
            "share",
            0.25,
            "ok",
            true,
            "shape",
            new long[] {3, 3},
            "list",
            List.of("x", 1),
            "map",
            Map.of("k", 2),
            "path",
            Path.of("runs", "one"),
            "inner",
            Json.object("n", 1),
            "there",
            Optional.of("yes"));
    assertThat(object)
        .hasToString(
            "{\"name\":\"a <b> \\\"c\\\"\",\"count\":3,\"share\":0.25,\"ok\":true,\"shape\":[3,3],"
                + "\"list\":[\"x\",1],\"map\":{\"k\":2},\"path\":\""
                + Path.of("runs", "one").toString().replace("\\", "\\\\")
                + "\",\"inner\":{\"n\":1},\"there\":\"yes\"}");
  }

  @Test
  void leavesOutWhatIsNotThere() {
    assertThat(
            Json.object(
                "nan",
                Double.NaN,
                "infinite",
                Float.POSITIVE_INFINITY,
                "none",
                null,
                "empty",
                Optional.empty(),
                "zero",
                0))
        .hasToString("{\"zero\":0}");
  }

  @Test
  void arraysKeepTheirPlaces() {
    assertThat(Json.array(Arrays.asList(1, Double.NaN, null))).hasToString("[1,null,null]");
  }

  @Test
  void textIsIndentedAndEndsItsLine() {
    assertThat(Json.text(Json.object("a", "<1>"))).isEqualTo("{\n  \"a\": \"<1>\"\n}\n");
  }

  @Test
  void aNameWithoutAValueIsRefused() {
    assertThatThrownBy(() -> Json.object("a")).isInstanceOf(IllegalArgumentException.class);
  }
}
