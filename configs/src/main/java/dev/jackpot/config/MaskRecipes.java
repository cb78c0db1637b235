package dev.jackpot.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The mask recipes that stand in other messages field by field. */
public final class MaskRecipes {
  private MaskRecipes() {}

  /** What the search's first mask is made by; what is not given there is not given here. */
  public static MaskRecipe of(Search search) {
    return fields(search);
  }

  /** What is pruned by. */
  public static MaskRecipe of(Prune prune) {
    return fields(prune);
  }

  /** What the stage's last masks are made by, if it makes any. */
  public static Optional<MaskRecipe> of(Stage stage) {
    return byField(stage).values().stream().reduce((earlier, later) -> later);
  }

  /**
   * All recipes of a stage, in the order in which it makes masks by them.
   *
   * @return by the field of the stage they stand in: {@code search}, {@code
   *     sparse_train.schedule.to}, …
   */
  public static Map<String, MaskRecipe> byField(Stage stage) {
    Map<String, MaskRecipe> recipes = new LinkedHashMap<>();
    SparseTrain sparse = stage.getSparseTrain();
    if (stage.hasSearch()) {
      recipes.put("search", of(stage.getSearch()));
    }
    if (stage.hasPrune()) {
      recipes.put("prune", of(stage.getPrune()));
    }
    if (sparse.hasPrune()) {
      recipes.put("sparse_train.prune", of(sparse.getPrune()));
    }
    if (sparse.hasSchedule()) {
      recipes.put("sparse_train.schedule.to", of(sparse.getSchedule().getTo()));
    }
    return recipes;
  }

  /** The fields of the recipe's numbers. */
  private static MaskRecipe fields(Message from) {
    MaskRecipe.Builder recipe = MaskRecipe.newBuilder();
    for (FieldDescriptor field : recipe.getDescriptorForType().getFields()) {
      FieldDescriptor given = from.getDescriptorForType().findFieldByNumber(field.getNumber());
      if (given != null && from.hasField(given)) {
        recipe.setField(field, from.getField(given));
      }
    }
    return recipe.build();
  }
}
